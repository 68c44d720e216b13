import { setTimeout as sleep } from "node:timers/promises";
import { crashPostgres } from "./faults/crash-postgres";
import { drainWorker } from "./faults/drain-workers";
import { fillDisk } from "./faults/fill-disk";
import { killWorker } from "./faults/kill-workers";
import { loseCommit } from "./faults/lose-commits";
import { jumpClock } from "./faults/skew-clocks";
import { spoilLink } from "./faults/spoil-links";
import { stopWorker } from "./faults/stop-workers";
import { cancelSomething, pauseSomething, retrySomething } from "./operate";
import type { Plan, PlannedFault } from "./plan";
import type { Fault } from "./soak-options";
import type { World } from "./world";

type Act = (world: World, fault: PlannedFault) => Promise<void>;

/** Floods are among the graphs, and the diamonds come at the end. */
const ACTS: Record<Exclude<Fault, "flood" | "diamonds">, Act> = {
  kill: killWorker,
  stop: stopWorker,
  drain: drainWorker,
  partition: spoilLink,
  commit: loseCommit,
  clock: jumpClock,
  postgres: crashPostgres,
  disk: fillDisk,
  cancel: cancelSomething,
  retry: retrySomething,
  pause: pauseSomething,
};

/** Faults of one lane come one after the other: the server cannot be down twice, and a recovery needs space on the disk. */
const LANES: Partial<Record<Fault, string>> = {
  postgres: "server",
  disk: "server",
  partition: "links",
};

/** What waits in its lane beyond the end is left out after so long. */
const MAX_DELAY_MS = 3000;

/** Does each planned thing at its time; resolves when all are done. */
export async function runFaults(world: World, plan: Plan): Promise<void> {
  const start = Date.now();
  const end = start + plan.durationMs + MAX_DELAY_MS;
  const lanes = new Map<string, Promise<void>>();
  const all: Promise<void>[] = [];
  for (const fault of plan.faults) {
    await sleep(start + fault.atMs - Date.now());
    const lane = LANES[fault.fault];
    const before = (lane ? lanes.get(lane) : undefined) ?? Promise.resolve();
    const next = before.then(() => (Date.now() < end ? act(world, fault) : undefined));
    if (lane) lanes.set(lane, next);
    all.push(next);
  }
  await Promise.all(all);
}

function act(world: World, fault: PlannedFault): Promise<void> {
  const doIt = ACTS[fault.fault as keyof typeof ACTS]; // no flood and no diamond is planned
  return world.journal.mustSucceed(fault.fault, () => doIt(world, fault));
}
