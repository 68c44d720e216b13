import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import type { RunSource } from "@/lib/db/stored-types";
import type { AttemptOutcome } from "@/lib/domain/ending";
import type { ErrorClass } from "@/lib/domain/failure";
import type { RunStatus } from "@/lib/domain/status";

/** An ended attempt as its trace shows it. Times are seconds since 1970, of the database's clock. */
export type TracedAttempt = {
  executionId: string;
  attempt: number;
  runId: string;
  projectId: string;
  taskKey: string;
  taskName: string;
  workerId: string;
  runner: string;
  outcome: AttemptOutcome;
  exitCode: number | null;
  errorClass: ErrorClass | null;
  errorMessage: string | null;
  /** When it became ready: created, released, retried or resumed. */
  waitingSince: number | null;
  /** Earliest start that was asked for, or that its retry delay allowed. */
  dueAt: number;
  claimedAt: number;
  startedAt: number | null;
  endedAt: number;
};

/** A run that has ended, as its trace shows it. */
export type TracedRun = {
  runId: string;
  projectId: string;
  graphId: string | null;
  name: string;
  source: RunSource;
  status: RunStatus;
  totalCount: number;
  completedCount: number;
  failedCount: number;
  cancelledCount: number;
  createdAt: number;
  finishedAt: number;
  /** When a person last asked for a retry; null when nobody did, so this is its first end. */
  retriedAt: number | null;
};

const epoch = (column: string) => sql.raw(`extract(epoch from ${column})::float8`);

/** Reads ended attempts by primary keys, and of each execution the event since which it waited. */
export async function readTracedAttempts(
  db: Db,
  ids: readonly { executionId: string; attempt: number }[],
): Promise<TracedAttempt[]> {
  const named = JSON.stringify(ids.map((id) => ({ id: id.executionId, attempt: id.attempt })));
  const rows = await db.execute<TracedAttempt>(sql`
    select a.execution_id as "executionId", a.attempt, x.run_id as "runId", x.project_id as "projectId",
      x.task_key as "taskKey", x.task_name as "taskName", a.worker_id as "workerId", a.runner, a.outcome,
      coalesce(a.result->'exitCode', a.error->'exitCode') as "exitCode", a.error->>'class' as "errorClass",
      split_part(a.error->>'message', ${"\n"}, 1) as "errorMessage",
      ${epoch("w.at")} as "waitingSince", ${epoch("coalesce(p.next_attempt_at, x.scheduled_at)")} as "dueAt",
      ${epoch("a.claimed_at")} as "claimedAt", ${epoch("a.started_at")} as "startedAt", ${epoch("a.ended_at")} as "endedAt"
    from jsonb_to_recordset(${named}::jsonb) as n (id uuid, attempt int)
      join attempts a on a.execution_id = n.id and a.attempt = n.attempt
      join executions x on x.id = n.id
      left join attempts p on p.execution_id = n.id and p.attempt = n.attempt - 1
      left join lateral (
        select at from execution_events e
        where e.execution_id = n.id and e.attempt = n.attempt - 1 and e.to_status in ('SCHEDULED', 'RETRYING')
        order by e.event_id desc limit 1) w on true
    where a.ended_at is not null`);
  return [...rows];
}

/** Reads runs that have ended, by their ids. */
export async function readTracedRuns(db: Db, runIds: readonly string[]): Promise<TracedRun[]> {
  const rows = await db.execute<TracedRun>(sql`
    select r.id as "runId", r.project_id as "projectId", r.graph_id as "graphId", r.name, r.source, r.status,
      r.total_count as "totalCount", r.completed_count as "completedCount", r.failed_count as "failedCount",
      r.cancelled_count as "cancelledCount", ${epoch("r.created_at")} as "createdAt",
      ${epoch("r.finished_at")} as "finishedAt",
      (select ${epoch("max(e.at)")} from executions x join execution_events e on e.execution_id = x.id
        where x.run_id = r.id and e.reason = 'manual_retry') as "retriedAt"
    from runs r
    where r.id in (select jsonb_array_elements_text(${JSON.stringify(runIds)}::jsonb)::uuid) and r.finished_at is not null`);
  return [...rows];
}
