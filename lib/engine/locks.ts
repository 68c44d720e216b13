import { asc, inArray } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions, runs } from "@/lib/db/schema/executions";

export type Run = typeof runs.$inferSelect;
export type Execution = typeof executions.$inferSelect;

/**
 * Locks runs, in id order, and returns them by id. The run's row is the lock of everything within the run: whoever
 * changes the status of an execution holds it first, so no two transactions ever decide about one run at a time. The claim
 * alone does without, since it only takes rows that nobody has locked.
 */
export async function lockRuns(tx: Db, runIds: readonly string[]): Promise<Map<string, Run>> {
  if (runIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(runs)
    .where(inArray(runs.id, [...new Set(runIds)]))
    .orderBy(asc(runs.id))
    .for("update");
  return new Map(rows.map((run) => [run.id, run]));
}

/** Locks executions, in id order; their runs are locked already. */
export async function lockExecutions(
  tx: Db,
  executionIds: readonly string[],
): Promise<Execution[]> {
  if (executionIds.length === 0) return [];
  return tx
    .select()
    .from(executions)
    .where(inArray(executions.id, [...new Set(executionIds)]))
    .orderBy(asc(executions.id))
    .for("update");
}
