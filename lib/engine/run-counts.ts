import { type SQL, sql } from "drizzle-orm";
import {
  type ExecutionStatus,
  isHeld,
  isRunFinal,
  type RunCounts,
  runStatusOf,
} from "@/lib/domain/status";
import type { Run } from "./locks";

type Change = { execution: { runId: string; status: ExecutionStatus }; to: ExecutionStatus };

const COUNTED_AS = {
  PENDING: null,
  SCHEDULED: null,
  PREPARING: null,
  RUNNING: null,
  PAUSED: null,
  RETRYING: null,
  COMPLETED: "completed",
  FAILED: "failed",
  TIMEOUT: "failed",
  CANCELLED: "cancelled",
} as const satisfies Record<ExecutionStatus, keyof RunCounts | null>;

/** The new counts and statuses of the runs that these changes touch; also puts them into `runs`. */
export function countRuns(runs: Map<string, Run>, changes: readonly Change[]) {
  const touched = new Map<string, { counts: RunCounts; started: boolean }>();
  for (const { execution, to } of changes) {
    const entry = touched.get(execution.runId) ?? startOf(runs, execution.runId);
    touched.set(execution.runId, entry);
    const before = COUNTED_AS[execution.status];
    const after = COUNTED_AS[to];
    if (before) entry.counts[before]--;
    if (after) entry.counts[after]++;
    if (to === "RUNNING" || isHeld(execution.status)) entry.started = true;
  }
  return [...touched].map(([runId, { counts, started }]) => {
    const run = requireRun(runs, runId);
    const status = runStatusOf({
      counts,
      started,
      paused: run.pausedAt !== null,
      cancelRequested: run.cancelRequestedAt !== null,
    });
    // That it has started is all the next change of this transaction needs to know; the database has the time.
    if (started) run.startedAt ??= new Date();
    // A run that has ended is not paused any more: a person's retry starts it.
    if (isRunFinal(status)) run.pausedAt = null;
    Object.assign(run, {
      status,
      completedCount: counts.completed,
      failedCount: counts.failed,
      cancelledCount: counts.cancelled,
    });
    const { completed, failed, cancelled } = counts;
    return {
      id: runId,
      status,
      completed,
      failed,
      cancelled,
      started,
      is_final: isRunFinal(status),
    };
  });
}

function startOf(runs: Map<string, Run>, runId: string) {
  const run = requireRun(runs, runId);
  const counts: RunCounts = {
    total: run.totalCount,
    completed: run.completedCount,
    failed: run.failedCount,
    cancelled: run.cancelledCount,
  };
  return { counts, started: run.startedAt !== null };
}

function requireRun(runs: Map<string, Run>, runId: string): Run {
  const run = runs.get(runId);
  if (!run) throw new Error(`Run ${runId} was not locked before its executions were changed.`);
  return run;
}

/**
 * The rule of runStatusOf as SQL, for an UPDATE of `runs r` that has started, is not paused and sets `completed_count` to
 * this value.
 */
export function runStatusSql(completedCount: SQL): SQL {
  return sql`(case
    when ${completedCount} + r.failed_count + r.cancelled_count < r.total_count then 'RUNNING'
    when r.cancel_requested_at is not null and r.cancelled_count > 0 then 'CANCELLED'
    when r.failed_count > 0 then 'FAILED'
    when r.cancelled_count > 0 then 'CANCELLED'
    else 'COMPLETED' end)::run_status`;
}
