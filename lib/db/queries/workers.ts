import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, not, or, sql } from "drizzle-orm";
import { getConfig } from "@/lib/config";
import type { Db } from "@/lib/db/database";
import { executions, workers } from "@/lib/db/schema/executions";
import type { SystemState, WorkerView } from "@/lib/domain/views";
import { defaultAliveWithin, heardWithin, isClaiming } from "./alive";
import { listBreakers } from "./breakers";
import { iso, readClock } from "./clock";

const MAX_WORKERS = 200;
const MAX_HELD = 2000;

type Alive = { aliveWithinSeconds?: number };

/** Workers that live, that went missing within a day or stopped within an hour; the latest first. */
export async function listWorkers(
  db: Db,
  { aliveWithinSeconds = defaultAliveWithin() }: Alive = {},
): Promise<WorkerView[]> {
  const rows = await db
    .select({ worker: workers, isSilent: sql<boolean>`${not(heardWithin(aliveWithinSeconds))}` })
    .from(workers)
    .where(
      or(
        and(isNull(workers.stoppedAt), heardWithin(86_400)),
        gt(workers.stoppedAt, sql`now() - interval '1 hour'`),
      ),
    )
    .orderBy(desc(workers.startedAt), asc(workers.id))
    .limit(MAX_WORKERS);
  const held = await listHeld(
    db,
    rows.map(({ worker }) => worker.id),
  );
  return rows.map(({ worker, isSilent }) => ({
    workerId: worker.id,
    name: worker.name,
    runner: worker.runner,
    runnerDescription: worker.runnerDescription,
    maxConcurrentExecutions: worker.maxConcurrentExecutions,
    held: held.get(worker.id) ?? [],
    startedAt: iso(worker.startedAt),
    heartbeatAt: iso(worker.heartbeatAt),
    state: stateOf(worker, isSilent),
  }));
}

function stateOf(worker: typeof workers.$inferSelect, isSilent: boolean): WorkerView["state"] {
  if (worker.stoppedAt !== null) return "stopped";
  if (isSilent) return "missing";
  return worker.drainingAt === null ? "alive" : "draining";
}

/** By executions_held_idx. */
async function listHeld(db: Db, workerIds: string[]): Promise<Map<string, WorkerView["held"]>> {
  const byWorker = new Map<string, WorkerView["held"]>();
  if (workerIds.length === 0) return byWorker;
  const rows = await db
    .select({
      workerId: executions.workerId,
      executionId: executions.id,
      taskName: executions.taskName,
      runId: executions.runId,
      status: executions.status,
    })
    .from(executions)
    .where(and(inArray(executions.workerId, workerIds), isNotNull(executions.leaseToken)))
    .orderBy(asc(executions.id))
    .limit(MAX_HELD);
  for (const { workerId, ...execution } of rows) {
    if (workerId === null) continue;
    const list = byWorker.get(workerId) ?? [];
    list.push(execution);
    byWorker.set(workerId, list);
  }
  return byWorker;
}

/** Whether anything can be run at present, by what, and how busy it is. Workers that drain do not count. */
export async function getSystemState(
  db: Db,
  { aliveWithinSeconds = defaultAliveWithin() }: Alive = {},
): Promise<SystemState> {
  const used = db
    .select({ count: sql<number>`count(*)`.as("used_count") })
    .from(executions)
    // By executions_held_idx.
    .where(and(eq(executions.workerId, workers.id), isNotNull(executions.leaseToken)))
    .as("used");
  const [now, breakers, rows] = await Promise.all([
    readClock(db),
    listBreakers(db, { aliveWithinSeconds }),
    db
      .select({
        runner: workers.runner,
        description: workers.runnerDescription,
        workers: sql<number>`count(*)::int`,
        slots: sql<number>`sum(${workers.maxConcurrentExecutions})::int`,
        slotsUsed: sql<number>`sum(${used.count})::int`,
      })
      .from(workers)
      .innerJoinLateral(used, sql`true`)
      .where(isClaiming(aliveWithinSeconds))
      .groupBy(workers.runner, workers.runnerDescription)
      .orderBy(asc(workers.runner), asc(workers.runnerDescription)),
  ]);
  const sum = (of: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  return {
    now,
    workersAlive: sum((row) => row.workers),
    slots: sum((row) => row.slots),
    slotsUsed: sum((row) => row.slotsUsed),
    runners: rows.map(({ runner, description, workers: count }) => ({
      runner,
      description,
      workers: count,
    })),
    breakers,
    retentionDays: getConfig().retentionDays,
  };
}
