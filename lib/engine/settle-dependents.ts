import { asc, inArray, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executionDependencies, executions } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { isFinal } from "@/lib/domain/status";
import { type Execution, lockExecutions, type Run } from "./locks";
import { asRecordset } from "./transaction";
import { applyTransitions, type Transition } from "./transition";

type Input = { runs: Map<string, Run>; actor: Actor };

/**
 * Tells the dependents of completed executions: their counters go down, and those at zero become SCHEDULED. Runs in the
 * transaction of the completion, under the runs' locks, so no two parents can miss each other.
 */
export async function releaseDependents(
  tx: Db,
  input: Input & { completedIds: readonly string[] },
): Promise<void> {
  if (input.completedIds.length === 0) return;
  const rows = await tx
    .select({ executionId: executionDependencies.executionId })
    .from(executionDependencies)
    .where(inArray(executionDependencies.dependsOnId, [...input.completedIds]));
  const completed = new Map<string, number>();
  for (const { executionId } of rows)
    completed.set(executionId, (completed.get(executionId) ?? 0) + 1);
  const dependents = await lockExecutions(tx, [...completed.keys()]);
  const isReleased = (e: Execution) =>
    e.status === "PENDING" && e.unfinishedDependencies === completed.get(e.id);
  const transitions = dependents.filter(isReleased).map(
    (execution): Transition => ({
      execution,
      to: "SCHEDULED",
      completedDependencies: completed.get(execution.id) ?? 0,
    }),
  );
  await applyTransitions(tx, { ...input, transitions });
  const others = dependents.filter((e) => !isReleased(e));
  await lowerCounters(
    tx,
    others.map(({ id }) => ({ id, n: completed.get(id) ?? 0 })),
  );
}

async function lowerCounters(tx: Db, rows: { id: string; n: number }[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    update executions e set unfinished_dependencies = e.unfinished_dependencies - v.n
    from jsonb_to_recordset(${asRecordset(rows)}) as v (id uuid, n int) where e.id = v.id`);
}

/**
 * Cancels everything downstream of executions that ended without completing, in their transaction. Each names the
 * execution right above it as its cause, so that the chain can be followed to the first one.
 */
export async function cancelDependents(
  tx: Db,
  input: Input & { endedIds: readonly string[] },
): Promise<void> {
  const causes = await findDownstream(tx, input.endedIds);
  const dependents = await lockExecutions(tx, [...causes.keys()]);
  const transitions = dependents
    .filter(({ status }) => !isFinal(status))
    .map((execution): Transition => {
      const causeExecutionId = causes.get(execution.id) ?? null;
      return { execution, to: "CANCELLED", reason: "upstream_failed", causeExecutionId };
    });
  await applyTransitions(tx, { ...input, transitions });
}

/**
 * Everything downstream of some executions, each with one execution right above it on the way. OFFSET 0 makes the planner
 * look dependents up in the index; it would otherwise read all dependencies anew for every step of a long chain.
 */
export async function findDownstream(
  tx: Db,
  executionIds: readonly string[],
): Promise<Map<string, string>> {
  if (executionIds.length === 0) return new Map();
  const rows = await tx.execute<{ execution_id: string; cause: string }>(sql`
    with recursive downstream (execution_id, cause) as (
      select execution_id, depends_on_id from execution_dependencies
      where ${inArray(executionDependencies.dependsOnId, [...executionIds])}
      union
      select d.execution_id, d.depends_on_id
      from downstream cross join lateral (
        select execution_id, depends_on_id from execution_dependencies
        where depends_on_id = downstream.execution_id
        offset 0) d
    )
    select distinct on (execution_id) execution_id, cause from downstream order by execution_id, cause`);
  return new Map(rows.map((row) => [row.execution_id, row.cause]));
}

/** All executions of a run, for decisions about the run as a whole; their rows are locked in id order. */
export async function lockExecutionsOfRun(tx: Db, runId: string): Promise<Execution[]> {
  return tx
    .select()
    .from(executions)
    .where(sql`${executions.runId} = ${runId}`)
    .orderBy(asc(executions.id))
    .for("update");
}
