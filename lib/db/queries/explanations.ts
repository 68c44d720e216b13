import { and, asc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executionDependencies, executions, runs, workers } from "@/lib/db/schema/executions";
import { type Explanation, LAST_POSITION, type Obstacle } from "@/lib/domain/explain";
import { type Capacity, explainWaiting, type WaitingFacts } from "@/lib/domain/explain-waiting";
import { claimableStatuses, type ExecutionStatus } from "@/lib/domain/status";
import { defaultAliveWithin, isClaiming } from "./alive";
import { iso } from "./clock";
import { listPoolFacts } from "./pool-facts";
import { listPositions } from "./queue-positions";
import { getSystemState } from "./workers";

/** How many names an explanation lists. */
const NAMED = 10;

type Unfinished = Pick<WaitingFacts, "unfinished" | "unfinishedCount">;

/** Why each of these executions waits, by id; those that do not wait, or do not exist, are not in it. */
export async function listExplanations(
  db: Db,
  input: { executionIds: readonly string[]; aliveWithinSeconds?: number },
): Promise<Map<string, Explanation>> {
  const aliveWithinSeconds = input.aliveWithinSeconds ?? defaultAliveWithin();
  const waiting = await listWaiting(db, input.executionIds);
  const idsOf = (matches: (row: (typeof waiting)[number]) => boolean) =>
    waiting.filter(matches).map(({ id }) => id);
  const ready = idsOf((row) => row.isReady && row.isDue);
  const [unfinished, positions, pools, capacity] = await Promise.all([
    listUnfinished(
      db,
      idsOf((row) => row.unfinishedDependencies > 0),
    ),
    listPositions(db, ready),
    listPoolFacts(
      db,
      idsOf((row) => row.isReady && row.isDue && row.poolId !== null),
    ),
    ready.length > 0 ? readCapacity(db, aliveWithinSeconds) : NO_CAPACITY,
  ]);
  return new Map(
    waiting.flatMap(({ id, dueAt, ...row }) => {
      const found = unfinished.get(id) ?? { unfinished: [], unfinishedCount: 0 };
      const position = positions.get(id) ?? LAST_POSITION + 1;
      const explanation = explainWaiting(
        { ...row, ...found, position, dueAt: iso(dueAt), pool: pools.get(id) ?? null },
        capacity,
      );
      return explanation ? [[id, explanation] as const] : [];
    }),
  );
}

const NO_CAPACITY: Capacity = {
  workersAlive: 0,
  slots: 0,
  slotsUsed: 0,
  heldBy: [],
  breakers: [],
};

/** The conditions of the claim for each row: `isReady` and `isDue` are what its WHERE asks. */
async function listWaiting(db: Db, executionIds: readonly string[]) {
  if (executionIds.length === 0) return [];
  return db
    .select({
      id: executions.id,
      status: executions.status,
      isRunPaused: sql<boolean>`${isNotNull(runs.pausedAt)}`,
      pausedFrom: executions.pausedFrom,
      dueAt: executions.dueAt,
      isReady: sql<boolean>`${inArray(executions.status, claimableStatuses)}`,
      isDue: sql<boolean>`${executions.dueAt} <= now()`,
      attempt: executions.attempt,
      unfinishedDependencies: executions.unfinishedDependencies,
      poolId: executions.poolId,
    })
    .from(executions)
    .innerJoin(runs, eq(runs.id, executions.runId))
    .where(inArray(executions.id, [...executionIds]));
}

/** The first few dependencies of each execution that are not COMPLETED, and how many there are. */
async function listUnfinished(db: Db, executionIds: string[]): Promise<Map<string, Unfinished>> {
  if (executionIds.length === 0) return new Map();
  const ids = inArray(executionDependencies.executionId, executionIds);
  const rows = await db.execute<UnfinishedRow>(sql`
    select * from (
      select ${executionDependencies.executionId} as waiting_id, e.id, e.task_name, e.status,
        count(*) over (partition by ${executionDependencies.executionId})::int as count,
        row_number() over (partition by ${executionDependencies.executionId} order by e.task_name, e.id) as n
      from ${executionDependencies} join executions e on e.id = ${executionDependencies.dependsOnId}
      where ${ids} and e.status <> 'COMPLETED'
    ) u where n <= ${NAMED} order by waiting_id, n`);
  const byId = new Map<string, Unfinished>();
  for (const { waiting_id, count, id, task_name, status } of rows) {
    const entry = byId.get(waiting_id) ?? { unfinished: [], unfinishedCount: count };
    entry.unfinished.push({ executionId: id, taskName: task_name, status });
    byId.set(waiting_id, entry);
  }
  return byId;
}

type UnfinishedRow = {
  waiting_id: string;
  id: string;
  task_name: string;
  status: ExecutionStatus;
  count: number;
};

async function readCapacity(db: Db, aliveWithinSeconds: number): Promise<Capacity> {
  const [state, heldBy] = await Promise.all([
    getSystemState(db, { aliveWithinSeconds }),
    listHolders(db, aliveWithinSeconds),
  ]);
  return { ...state, heldBy };
}

/** Those that have held their slots the longest, by executions_held_idx. */
async function listHolders(
  db: Db,
  aliveWithinSeconds: number,
): Promise<Extract<Obstacle, { kind: "slots" }>["heldBy"]> {
  return db
    .select({ executionId: executions.id, taskName: executions.taskName })
    .from(executions)
    .innerJoin(workers, eq(workers.id, executions.workerId))
    .where(and(isNotNull(executions.leaseToken), isClaiming(aliveWithinSeconds)))
    .orderBy(asc(executions.startedAt), asc(executions.id))
    .limit(NAMED);
}
