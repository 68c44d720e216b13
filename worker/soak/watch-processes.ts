import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findMarkedProcesses, type MarkedProcess } from "@/worker/testing/process-marks";
import type { Journal, Survivor } from "./journal";
import { MARK_VARIABLE } from "./task-scripts";
import type { World } from "./world";

const LOOK_EVERY_MS = 1000;
/** How long after the end of an attempt, or of its worker, nothing of it may be left. */
const GONE_AFTER_MS = 2000;

/**
 * Looks once a second for processes of attempts that have ended and of workers that are dead, and at the memory of the
 * workers. What is seen twice in a row survives, unless its worker could not run at that time, which shows only later.
 */
export async function watchProcesses(world: World, signal: AbortSignal): Promise<void> {
  let suspects = new Set<number>();
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    noteMemory(world);
    const survivors = await findSurvivors(world).catch(() => null);
    // The database is away.
    if (!survivors) continue;
    world.journal.count("process checks");
    for (const { pid, ...survivor } of survivors)
      if (suspects.has(pid)) world.journal.survivors.push(survivor);
    suspects = new Set(survivors.map(({ pid }) => pid));
  }
}

/** Everything that is left of any command. */
export function findCommands(mark: string): MarkedProcess[] {
  return findMarkedProcesses(`${MARK_VARIABLE}=${mark}`);
}

async function findSurvivors(world: World): Promise<(Survivor & { pid: number })[]> {
  const processes = findCommands(world.mark);
  if (processes.length === 0) return [];
  const ids = [...new Set(processes.map(({ env }) => env.DAGLINE_EXECUTION_ID ?? ""))];
  const rows = await world.sql<AttemptRow[]>`
    select execution_id, attempt, worker_id, outcome,
      extract(epoch from clock_timestamp() - ended_at) * 1000 as ended_ms_ago
    from attempts where execution_id in ${world.sql(ids)}`;
  return processes.flatMap(({ pid, env }) => {
    const executionId = env.DAGLINE_EXECUTION_ID ?? "";
    const attempt = Number(env.DAGLINE_ATTEMPT);
    const row = rows.find((each) => each.execution_id === executionId && each.attempt === attempt);
    const what = row ? whyGone(world, row) : "without an attempt";
    if (!what) return [];
    return [{ pid, executionId, attempt, workerId: row?.worker_id ?? null, at: new Date(), what }];
  });
}

type AttemptRow = {
  execution_id: string;
  attempt: number;
  worker_id: string;
  outcome: string | null;
  ended_ms_ago: number | null;
};

/** Why nothing of an attempt should be left; null when something may. */
function whyGone({ journal }: { journal: Journal }, attempt: AttemptRow): string | null {
  const isOf = ({ workerId }: { workerId: string }) => workerId === attempt.worker_id;
  const isLongAgo = (at: Date) => Date.now() - at.getTime() > GONE_AFTER_MS;
  if (journal.kills.some((kill) => isOf(kill) && isLongAgo(kill.at))) return "its worker";
  const isOver = attempt.ended_ms_ago !== null && Number(attempt.ended_ms_ago) > GONE_AFTER_MS;
  return isOver ? `an attempt that ended ${attempt.outcome}` : null;
}

/** How much memory each worker holds, and the most it has ever held. */
function noteMemory({ fleet, journal }: World): void {
  for (const { workerId, slot, process: worker } of fleet.all()) {
    const memory = readMemory(worker.child.pid);
    const name = slot.isLinked ? `${slot.number} (linked)` : String(slot.number);
    if (memory) journal.memory.note({ workerId, name }, { atMs: performance.now(), ...memory });
  }
}

function readMemory(pid: number | undefined): { bytes: number; peakBytes: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const read = (line: RegExp) => Number(line.exec(status)?.[1] ?? 0) * 1024;
    const bytes = read(/^VmRSS:\s+(\d+) kB$/m);
    return bytes > 0 ? { bytes, peakBytes: read(/^VmHWM:\s+(\d+) kB$/m) } : null;
  } catch {
    return null; // it has ended meanwhile
  }
}
