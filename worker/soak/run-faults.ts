import { crashPostgres } from "./faults/crash-postgres";
import { drainWorker } from "./faults/drain-workers";
import { fillDisk } from "./faults/fill-disk";
import { killWorker } from "./faults/kill-workers";
import { loseCommit } from "./faults/lose-commits";
import { reportStale } from "./faults/report-stale";
import { resizePool } from "./faults/resize-pools";
import { jumpClock } from "./faults/skew-clocks";
import { spoilLink } from "./faults/spoil-links";
import { stopWorker } from "./faults/stop-workers";
import { tripBreaker } from "./faults/trip-breakers";
import { cancelSomething, pauseSomething, retrySomething } from "./operate";
import type { Plan, PlannedFault } from "./plan";
import type { Fault } from "./soak-options";
import type { World } from "./world";

type Act = (world: World, fault: PlannedFault) => Promise<void>;

/** Floods are among the graphs, and the diamonds come at the end. */
const ACTS: Record<Exclude<Fault, "flood" | "diamonds">, Act> = {
  kill: killWorker,
  stop: stopWorker,
  stale: reportStale,
  drain: drainWorker,
  partition: spoilLink,
  commit: loseCommit,
  clock: jumpClock,
  postgres: crashPostgres,
  disk: fillDisk,
  resize: resizePool,
  breaker: tripBreaker,
  cancel: cancelSomething,
  retry: retrySomething,
  pause: pauseSomething,
};

/** The server cannot be down twice, and a recovery needs space on the disk. */
const LANES: Partial<Record<Fault, "server" | "links">> = {
  postgres: "server",
  disk: "server",
  partition: "links",
};

/** What waits in its lane beyond the end is left out after so long. */
const MAX_DELAY_MS = 3000;

/** Does each planned thing at its time, until the soak is to end; resolves when all are done. */
export async function runFaults(world: World, plan: Plan): Promise<void> {
  const start = Date.now();
  const end = start + plan.durationMs + MAX_DELAY_MS;
  world.fleet.takesUntil = end;
  const all: Promise<void>[] = [];
  for (const fault of plan.faults) {
    await world.ending.sleep(start + fault.atMs - Date.now());
    if (world.ending.signal.aborted) break;
    const lane = LANES[fault.fault];
    const isDue = () => Date.now() < end && !world.ending.signal.aborted;
    const doIt = async () => (isDue() ? act(world, fault) : undefined);
    all.push(lane ? world.lanes.run(lane, doIt) : doIt());
  }
  await Promise.all(all);
}

function act(world: World, fault: PlannedFault): Promise<void> {
  const doIt = ACTS[fault.fault as keyof typeof ACTS]; // no flood and no diamond is planned
  return world.journal.mustSucceed(fault.fault, () => doIt(world, fault));
}
