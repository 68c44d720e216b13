import type postgres from "postgres";
import { type ExecutionStatus, isFinal, isHeld, runStatusOf } from "@/lib/domain/status";
import { EXECUTIONS, RUNS } from "./main-rows";
import { ATTEMPTS, DEPENDENCIES, EVENTS } from "./side-rows";

/** Runs that lie in the database already, all alike. */
export type RowPlan = {
  projectId: string;
  graphId?: string;
  taskIds: readonly string[];
  runs: number;
  name: string;
  /** The statuses of a run's executions, in order; each waits for the one before where that can be. */
  statuses: readonly ExecutionStatus[];
  /** Of those that wait for their time: when it comes. */
  dueIn: string;
  /** Over which time up to now the runs were created. */
  spreadOver: string;
  workerId?: string;
};

/**
 * Writes runs with their executions, dependencies, attempts and history past the engine, as the engine would have left them.
 * A PENDING execution must follow one that is neither COMPLETED nor final.
 */
export async function loadRows(sql: postgres.Sql, plan: RowPlan): Promise<void> {
  const { statuses } = plan;
  const of = (...wanted: ExecutionStatus[]) => statuses.filter((s) => wanted.includes(s)).length;
  const counts = {
    total: statuses.length,
    completed: of("COMPLETED"),
    failed: of("FAILED", "TIMEOUT"),
    cancelled: of("CANCELLED"),
  };
  const started = statuses.some((s) => isHeld(s) || isFinal(s) || s === "RETRYING");
  const status = runStatusOf({ counts, started, paused: false, cancelRequested: false });
  await sql.begin(async (tx) => {
    // Foreign keys and triggers would double the time, and the rows are right by construction.
    await tx`set local session_replication_role = replica`;
    await tx`create temporary table new_runs (id uuid, at timestamptz) on commit drop`;
    await tx.unsafe(RUNS, [
      plan.runs,
      plan.spreadOver,
      plan.projectId,
      plan.graphId ?? null,
      plan.name,
      status,
      counts.total,
      counts.completed,
      counts.failed,
      counts.cancelled,
    ]);
    await tx.unsafe(EXECUTIONS, [
      toArray(plan.taskIds),
      toArray(statuses),
      plan.dueIn,
      plan.workerId ?? null,
    ]);
    await tx`analyze new_runs`;
    for (const statement of [DEPENDENCIES, ATTEMPTS, EVENTS]) await tx.unsafe(statement);
  });
}

function toArray(values: readonly string[]): string {
  return `{${values.join(",")}}`;
}
