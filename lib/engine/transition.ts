import { sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import type { AttemptOutcome } from "@/lib/domain/ending";
import type { Failure } from "@/lib/domain/failure";
import type { Reason } from "@/lib/domain/reason";
import type { Result } from "@/lib/domain/result";
import { canTransition, type ExecutionStatus, isFinal, isHeld } from "@/lib/domain/status";
import { noteEndings } from "./endings";
import type { Execution, Run } from "./locks";
import { MANY_RUNS } from "./notify-change";
import { countRuns } from "./run-counts";
import { asRecordset } from "./transaction";

/** One change of one execution. What is not given stays as it is. */
export type Transition = {
  execution: Pick<Execution, "id" | "runId" | "status" | "attempt" | "poolId">;
  to: ExecutionStatus;
  reason?: Reason | null;
  causeExecutionId?: string | null;
  /** Seconds from now until the next attempt may start. */
  dueInSeconds?: number | null;
  retriesUsed?: number;
  lostInRow?: number;
  /** Dependencies that have completed with this change. */
  completedDependencies?: number;
  /** Ends the open attempt in this way. */
  outcome?: AttemptOutcome;
  result?: Result | null;
  failure?: Failure | null;
  /** A person's retry: a fresh budget, and nothing left of the former ending. */
  reset?: boolean;
};

/**
 * Changes statuses: the only code that does, besides the creation and the hot path (claim-executions, start-attempts,
 * complete-attempts). Writes the rows, one event each, the ended attempts, the counts and statuses of the runs and the
 * notifications, all in one statement. The caller holds the locks of the runs and of the executions, and `runs` is what it
 * has read under them; it is kept up to date.
 */
export async function applyTransitions(
  tx: Db,
  input: { runs: Map<string, Run>; transitions: readonly Transition[]; actor: Actor },
): Promise<void> {
  const { transitions, actor } = input;
  if (transitions.length === 0) return;
  for (const { execution, to } of transitions) {
    if (!canTransition(execution.status, to))
      throw new Error(`Execution ${execution.id} cannot go from ${execution.status} to ${to}.`);
  }
  const runRows = countRuns(input.runs, transitions);
  const [row] = await tx.execute<{ changed: number }>(sql`
    with clock as materialized (select clock_timestamp() as at),
    change as materialized (
      select * from jsonb_to_recordset(${asRecordset(transitions.map(toRow))}) as c (
        id uuid, from_status execution_status, to_status execution_status, is_final boolean, attempt int, reason text,
        cause uuid, due_in double precision, retries_used int, lost_in_row int, completed_dependencies int, outcome text,
        result jsonb, failure jsonb, reset boolean)
    ),
    changed as (
      update executions e set
        status = c.to_status,
        reason = c.reason,
        cause_execution_id = c.cause,
        due_at = case when c.due_in is null then e.due_at else clock.at + make_interval(secs => c.due_in) end,
        retries_used = coalesce(c.retries_used, e.retries_used),
        lost_in_row = coalesce(c.lost_in_row, e.lost_in_row),
        unfinished_dependencies = e.unfinished_dependencies - c.completed_dependencies,
        paused_from = case when c.to_status = 'PAUSED' then e.status end,
        worker_id = case when c.to_status = 'RUNNING' then e.worker_id end,
        lease_token = case when c.to_status = 'RUNNING' then e.lease_token end,
        lease_expires_at = case when c.to_status = 'RUNNING' then e.lease_expires_at end,
        deadline_at = case when c.to_status = 'RUNNING' then e.deadline_at end,
        cancel_requested_at = case when c.to_status in ('RUNNING', 'CANCELLED') then e.cancel_requested_at end,
        cancel_force = e.cancel_force and c.to_status in ('RUNNING', 'CANCELLED'),
        ready_at = case when c.to_status = 'SCHEDULED' then coalesce(e.ready_at, clock.at) else e.ready_at end,
        finished_at = case when c.is_final then clock.at end,
        result = c.result,
        result_attempt = case when c.to_status = 'COMPLETED' then e.attempt end,
        error = case when c.reset or c.to_status = 'COMPLETED' then null else coalesce(c.failure, e.error) end
      from change c, clock
      where e.id = c.id and e.status = c.from_status and e.attempt = c.attempt
      returning e.id
    ),
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, reason, actor_type, actor_id, cause_execution_id)
      select c.id, c.from_status, c.to_status, clock.at, c.attempt, c.reason, ${actor.type}, ${actor.id}, c.cause
      from change c join changed using (id), clock
    ),
    ended as (
      update attempts a set ended_at = clock.at, outcome = c.outcome, result = c.result, error = c.failure,
        next_attempt_at = case when c.to_status = 'RETRYING' then clock.at + make_interval(secs => c.due_in) end
      from change c, clock
      where c.outcome is not null and a.execution_id = c.id and a.attempt = c.attempt and a.ended_at is null
    ),
    started as (
      update attempts a set started_at = clock.at
      from change c, clock
      where c.to_status = 'RUNNING' and a.execution_id = c.id and a.attempt = c.attempt
    ),
    counted as (
      update runs r set status = c.status, completed_count = c.completed, failed_count = c.failed,
        cancelled_count = c.cancelled,
        started_at = case when c.started then coalesce(r.started_at, clock.at) else r.started_at end,
        finished_at = case when c.is_final then clock.at end,
        paused_at = case when not c.is_final then r.paused_at end
      from jsonb_to_recordset(${asRecordset(runRows)}) as c (
        id uuid, status run_status, completed int, failed int, cancelled int, started boolean, is_final boolean), clock
      where r.id = c.id
    ),
    notified as (
      select pg_notify(n.channel, n.payload)
      from jsonb_to_recordset(${asRecordset(notifications(transitions))}) as n (channel text, payload text)
    )
    select (select count(*)::int from changed) as changed, (select count(*) from notified) as notified`);
  if (row?.changed !== transitions.length)
    throw new Error(
      `${transitions.length} executions were locked but ${row?.changed} were changed.`,
    );
  noteEndings(tx, () => ({
    actor,
    attempts: transitions.flatMap(({ execution, outcome }) =>
      outcome ? [{ executionId: execution.id, attempt: execution.attempt, outcome }] : [],
    ),
    runIds: runRows.filter(({ is_final }) => is_final).map(({ id }) => id),
  }));
}

function toRow(transition: Transition) {
  const { execution, to } = transition;
  return {
    id: execution.id,
    from_status: execution.status,
    to_status: to,
    is_final: isFinal(to),
    attempt: execution.attempt,
    reason: transition.reason ?? null,
    cause: transition.causeExecutionId ?? null,
    due_in: transition.dueInSeconds ?? null,
    retries_used: transition.reset ? 0 : transition.retriesUsed,
    lost_in_row: transition.reset ? 0 : transition.lostInRow,
    completed_dependencies: transition.completedDependencies ?? 0,
    outcome: transition.outcome ?? null,
    result: transition.result ?? null,
    failure: transition.failure ?? null,
    reset: transition.reset ?? false,
  };
}

function notifications(transitions: readonly Transition[]) {
  const runIds = new Set(transitions.map(({ execution }) => execution.runId));
  const payloads = runIds.size > MANY_RUNS ? ["*"] : [...runIds];
  const hasWork = transitions.some(({ to }) => to === "SCHEDULED" || to === "RETRYING");
  // Whether somebody waits for the slot cannot be known here: who comes at this very moment still sees it taken.
  const freesPool = transitions.some(
    ({ execution, to }) => execution.poolId !== null && isHeld(execution.status) && !isHeld(to),
  );
  return [
    ...payloads.map((payload) => ({ channel: channels.changes, payload })),
    ...(hasWork || freesPool ? [{ channel: channels.queue, payload: "" }] : []),
  ];
}
