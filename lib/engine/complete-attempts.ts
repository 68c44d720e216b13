import { type SQL, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { Actor } from "@/lib/domain/actor";
import type { Result } from "@/lib/domain/result";
import { noteEndings } from "./endings";
import { notifyRuns } from "./notify-change";
import { type ReportedAttempt, reportedRows } from "./reported-attempts";
import { runStatusSql } from "./run-counts";

/** The end of an attempt that completed. */
export type Completion = ReportedAttempt & { result: Result };

/**
 * Records completions, the hot path of a busy worker: results, history, the release of dependents and the runs in one
 * statement and one round trip. Returns the ids of the executions it completed.
 *
 * It takes only the ordinary case, and leaves the rest to recordAttempts: a token that no longer holds, a cancel that was
 * requested, a run that is paused. Everything that decides is read from the rows as they are under their locks: the runs'
 * rows first, in id order, as everywhere; then each UPDATE sees the latest version of the rows it changes, counters of
 * dependents included.
 */
export async function completeAttempts(
  db: Db,
  input: { attempts: readonly Completion[]; actor: Actor },
): Promise<Set<string>> {
  if (input.attempts.length === 0) return new Set();
  const answer = await db.execute(completeStatement({ ...input, wakesWorkers: true }));
  return readCompleted(answer, { ...input, tx: db });
}

/** The ids in the answer to `completeStatement`; also tells of what it has ended, at once where `tx` is null. */
export function readCompleted(
  answer: readonly unknown[],
  { attempts, actor, tx }: { attempts: readonly Completion[]; actor: Actor; tx: Db | null },
): Set<string> {
  const rows = answer as { id: string; ended_runs: string[] | null }[]; // what its last lines select
  const completed = new Set(rows.map(({ id }) => id));
  noteEndings(tx, () => ({
    actor,
    attempts: attempts
      .filter(({ executionId }) => completed.has(executionId))
      .map(({ executionId, attempt }) => ({ executionId, attempt, outcome: "COMPLETED" })),
    runIds: rows[0]?.ended_runs ?? [],
  }));
  return completed;
}

/** The statement of `completeAttempts`. `wakesWorkers`: whether workers are to be told of what it releases. */
export function completeStatement(input: {
  attempts: readonly Completion[];
  actor: Actor;
  wakesWorkers: boolean;
}): SQL {
  const { attempts, actor, wakesWorkers } = input;
  return sql`${prepared}
    with report as materialized (
      ${reportedRows(attempts)}
    ),
    run as materialized (
      select id from runs where id = any(array(select run from report)) and paused_at is null
      order by id for no key update
    ),
    clock as materialized (select clock_timestamp() as at from (select count(*) from run) locked),
    -- As an expression it is looked up in a hash table; a join would compare every report with every run.
    ordinary as materialized (select * from report where (run in (select id from run)) is true),
    completed as (
      update executions e set status = 'COMPLETED', reason = null, cause_execution_id = null, lost_in_row = 0,
        worker_id = null, lease_token = null, lease_expires_at = null, deadline_at = null,
        finished_at = clock.at, result = r.result, result_attempt = e.attempt, error = null
      from ordinary r, clock
      where e.id = r.id and e.lease_token = r.token and e.cancel_requested_at is null
        and e.status = case when r.started_ms_ago is null then 'RUNNING'::execution_status else 'PREPARING' end
      returning e.id, e.run_id, e.pool_id, e.attempt, e.result, r.started_ms_ago
    ),
    ended as (
      update attempts a set ended_at = clock.at, outcome = 'COMPLETED', result = c.result, started_at =
        coalesce(a.started_at, greatest(a.claimed_at, clock.at - make_interval(secs => c.started_ms_ago / 1000)))
      from completed c, clock
      where a.execution_id = c.id and a.attempt = c.attempt
      returning a.execution_id, a.attempt, a.started_at, c.started_ms_ago
    ),
    waited as materialized (
      select execution_id as id, count(*)::int as n from execution_dependencies
      where depends_on_id = any(array(select id from completed)) group by execution_id
    ),
    told as (
      update executions e set unfinished_dependencies = e.unfinished_dependencies - w.n,
        status = case when e.status = 'PENDING' and e.unfinished_dependencies = w.n then 'SCHEDULED' else e.status end,
        reason = case when e.status = 'PENDING' and e.unfinished_dependencies = w.n then null else e.reason end,
        cause_execution_id = case when e.status = 'PENDING' and e.unfinished_dependencies = w.n then null else e.cause_execution_id end,
        ready_at = case when e.status = 'PENDING' and e.unfinished_dependencies = w.n
          then coalesce(e.ready_at, clock.at) else e.ready_at end
      from waited w, clock
      where e.id = w.id
      returning e.id, e.attempt, e.status
    ),
    -- Before, each had an unfinished dependency and was PENDING, PAUSED or CANCELLED.
    released as (select id, attempt from told where status = 'SCHEDULED'),
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
      select v.id, v.from_status, v.to_status, v.at, v.attempt, ${actor.type}, ${actor.id}
      from (
        select execution_id, 'PREPARING'::execution_status, 'RUNNING'::execution_status, started_at, attempt
        from ended where started_ms_ago is not null
        union all select execution_id, 'RUNNING', 'COMPLETED', clock.at, attempt from ended, clock
        union all select id, 'PENDING', 'SCHEDULED', clock.at, attempt from released, clock
      ) v (id, from_status, to_status, at, attempt)
    ),
    counted as (
      update runs r set completed_count = r.completed_count + c.n, started_at = coalesce(r.started_at, clock.at),
        status = ${runStatusSql(sql`r.completed_count + c.n`)}, finished_at = case
          when r.completed_count + c.n + r.failed_count + r.cancelled_count = r.total_count then clock.at end
      from (select run_id, count(*)::int as n from completed group by run_id) c, clock
      where r.id = c.run_id
      returning r.id, r.finished_at
    ),
    changed as (${notifyRuns("completed")}),
    -- A slot of a pool is told of in any case: any worker may take it, and who comes to wait at this moment is not seen here.
    woken as (
      select pg_notify(${channels.queue}, '') where (${wakesWorkers}::boolean and exists (select from released))
        or exists (select from completed where pool_id is not null)
    )
    select id, (select count(*) from changed), (select count(*) from woken),
      (select json_agg(id) from counted where finished_at is not null) as ended_runs from completed`;
}
