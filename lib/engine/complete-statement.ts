import { type SQL, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import { compileStatement } from "@/lib/db/compile-statement";
import { prepared } from "@/lib/db/prepared";
import type { Actor } from "@/lib/domain/actor";
import {
  type ClaimInput,
  type ClaimParts,
  type ClaimValue,
  claimParts,
  claimValues,
  forEachKind,
} from "./claim-kinds";
import {
  allReadyRows,
  breakerOf,
  claimedAndRest,
  claimedColumns,
  isClosed,
  isFree,
  isReady,
  leftByStarved,
  mayTake,
  nextDue,
  openAttempts,
  readyRows,
  rest,
} from "./claim-statement";
import { dueInPools, openPools } from "./claim-with-pools";
import { notifyRuns } from "./notify-change";
import {
  type ReportedAttempt,
  type ReportValues,
  reportedRows,
  reportValues,
} from "./reported-attempts";
import { runStatusSql } from "./run-counts";

/**
 * The statement of `completeAttempts`. Everything that decides is read from the rows as they are under their locks: the runs'
 * rows first, in id order, as everywhere; then each UPDATE sees the latest version of the rows it changes, counters of
 * dependents included.
 *
 * What it releases and what waits already are taken in the one order of the claim, as far as the statement's snapshot shows
 * them: a row that is released and taken is changed once. It claims after the runs are locked, so that it waits for nobody
 * while it holds rows of the queue. Its joins are written as `hotSettings` asks.
 */
export function completeStatement(input: {
  attempts: readonly ReportedAttempt[];
  actor: Actor;
  claim: ClaimInput;
}): SQL {
  const { attempts, actor, claim } = input;
  return statementOf(claim)({
    ...reportValues(attempts),
    ...claimValues(claim),
    actorType: actor.type,
    actorId: actor.id,
  });
}

type Value = keyof ReportValues | ClaimValue | "actorType" | "actorId";

const statementOf = forEachKind((kind) =>
  compileStatement<Value>((value) => buildStatement(value, claimParts(value, kind))),
);

function buildStatement(value: (name: Value) => SQL, claim: ClaimParts): SQL {
  const pools = claim.onlyReleased ? sql`'none'` : sql`(select pools from pooled)`;
  return sql`${prepared}
    with recursive report as materialized (
      ${reportedRows(value)}
    ),
    run as materialized (
      select id from runs where id = any(array(select run from report)) and paused_at is null
      order by id for no key update
    ),
    clock as materialized (select clock_timestamp() as at where array(select id from run) is not null),
    -- As an expression it is looked up in a hash table; a join would compare every report with every run.
    ordinary as materialized (select * from report where (run in (select id from run)) is true),
    completed as (
      update executions e set status = 'COMPLETED', reason = null, cause_execution_id = null, lost_in_row = 0,
        worker_id = null, lease_token = null, lease_expires_at = null, deadline_at = null,
        finished_at = clock.at, result = r.result, result_attempt = e.attempt, error = null
      from ordinary r, clock
      where e.id between r.id and r.id and e.lease_token is not distinct from r.token and e.cancel_requested_at is null
        and e.status = case when r.started_ms_ago is null then 'RUNNING'::execution_status else 'PREPARING' end
      returning e.id, e.run_id, e.pool_id, e.attempt, e.result, r.started_ms_ago
    ),
    ended as (
      update attempts a set ended_at = clock.at, outcome = 'COMPLETED', result = c.result, started_at =
        coalesce(a.started_at, greatest(a.claimed_at, clock.at - make_interval(secs => c.started_ms_ago / 1000)))
      from completed c, clock
      where a.execution_id between c.id and c.id and a.attempt = c.attempt
      returning a.execution_id, a.attempt, a.started_at, c.started_ms_ago
    ),
    counted as (
      update runs r set completed_count = r.completed_count + c.n, started_at = coalesce(r.started_at, clock.at),
        status = ${runStatusSql(sql`r.completed_count + c.n`)}, finished_at = case
          when r.completed_count + c.n + r.failed_count + r.cancelled_count = r.total_count then clock.at end
      from (select run_id, count(*)::int as n from completed group by run_id) c, clock
      where r.id between c.run_id and c.run_id
      returning r.id, r.finished_at
    ),
    waited as materialized (
      select d.execution_id as id, count(*)::int as n from completed c cross join lateral (
        select execution_id from execution_dependencies where depends_on_id = c.id
        offset 0) d
      group by d.execution_id
    ),
    ${breakerOf(claim)},
    ${releasableRows},
    ${claim.onlyReleased ? keptOfReleased(claim) : keptAndChosen(claim)},
    ${changeRows(claim)},
    ${openAttempts(claim)},
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
      select v.id, v.from_status, v.to_status, v.at, v.attempt, ${value("actorType")}, ${value("actorId")}
      from (
        select execution_id, 'PREPARING'::execution_status, 'RUNNING'::execution_status, started_at, attempt
        from ended where started_ms_ago is not null
        union all select execution_id, 'RUNNING', 'COMPLETED', clock.at, attempt from ended, clock
        union all select id, 'PENDING', 'SCHEDULED', clock.at, attempt - (status = 'PREPARING')::int from released, clock
        union all select id, coalesce(was, 'SCHEDULED'), 'PREPARING', claimed_at, attempt from claimed
      ) v (id, from_status, to_status, at, attempt)
    ),
    changed as (${notifyRuns(sql`(select run_id from completed union all select run_id from claimed)`)}),
    ${rest({ limit: claim.limit, nextDue: claim.onlyReleased ? leftOverDue : sql`(${nextDue}), (select next_at from pooled), ${leftOverDue}` })},
    -- A slot of a pool is told of in any case: any worker may take it, and who comes to wait at this moment is not seen here.
    woken as (
      select pg_notify(${channels.queue}, '') from rest where exists (select from left_over)
        or exists (select from completed where pool_id is not null)
        or claimed_count > 0 and claimed_count = ${claim.limit}
    )
    select (select json_agg(id) from completed) as completed,
      ${claim.onlyReleased ? sql`0` : sql`(select count(*)::int from chosen)`} as from_queue,
      (select count(*)::int from left_over where pool_id is null and due_at <= now()) as left_over,
      (select json_agg(id) from counted where finished_at is not null) as ended_runs,
      case when exists (select from left_over where pool_id is not null) then 'needed' else ${pools} end as pools,
      ${claimedAndRest}, array(select 1 from changed), exists (select from woken)
    from rest`;
}

const leftOverDue = sql`(select min(due_at) from left_over)`;

/** The CTE `releasable`: what is released and may be taken. */
const releasableRows = sql`
  releasable as materialized (
    select e.id, e.priority, e.due_at from waited w cross join lateral (
      select * from executions where id = w.id
      offset 0) e
    where e.status = 'PENDING' and e.unfinished_dependencies = w.n and e.pool_id is null and e.due_at <= now()
  )`;

/** The CTE `kept`: what is released and comes first; while there is room for all that waited, nobody has to ask in which order. */
function keptOfReleased({ limit }: ClaimParts): SQL {
  const fits = sql`(select count(*) from waited) <= ${limit}`;
  return sql`
    kept as materialized (
      select id from waited where ${isClosed} and ${fits}
      union all (
        select id from releasable where ${isClosed} and not ${fits} order by priority desc, due_at, id limit ${limit})
    )`;
}

/**
 * The CTEs `kept`, what is released and comes first among that and what waits, within what `starved` has left of the limit;
 * and `chosen`, what is taken of the queue. Only when something is released `kept` looks at what waits, without a lock.
 */
function keptAndChosen(claim: ClaimParts): SQL {
  const left = leftByStarved(claim);
  // Nothing of the queue is locked before the completions are written.
  const when = sql`${mayTake} and array(select id from completed) is not null`;
  return sql`
    ${claim.looksAtPools ? openPools : dueInPools},
    waiting as (
      select due.* from (values (3), (2), (1), (0)) p (priority) cross join lateral (
        select id, priority, due_at from executions
        where ${isReady} and priority = p.priority and due_at <= now() and ${isFree} order by due_at, id limit ${left}
      ) due
      where exists (select from releasable) limit ${left}
    ),
    kept as materialized (
      select id from (
        select * from (
          select id, priority, due_at, true as is_released from releasable
          union all select id, priority, due_at, false from waiting
        ) c
        where ${mayTake} order by priority desc, due_at, id limit ${left}
      ) c where is_released
    ),
    ${readyRows({ ...claim, when, taken: sql`(select count(*) from kept)` })},
    chosen as materialized (${allReadyRows(claim)})`;
}

/**
 * The CTEs `told` and `claimed`: tells the dependents, and takes what is kept and what was chosen. A dependent that turns out not to be
 * released under its lock is not taken; one that does without having been kept waits for the next claim.
 */
function changeRows({ workerId, leaseSeconds, onlyReleased }: ClaimParts): SQL {
  const isReleased = sql`(e.status = 'PENDING' and e.unfinished_dependencies = t.n)`;
  const isReadyNow = sql`(t.n = 0 or ${isReleased})`;
  const isTaken = sql`(t.is_taken and ${isReadyNow} and e.pool_id is null and e.due_at <= now())`;
  return sql`
    target as materialized (
      select id, n, id in (select id from kept) as is_taken, null::execution_status as was from waited
      ${onlyReleased ? sql`` : sql`union all select id, 0, true, status from chosen`}
    ),
    taken_at as materialized (select clock_timestamp() as at where array(select id from target) is not null),
    told as (
      update executions e set unfinished_dependencies = e.unfinished_dependencies - t.n,
        status = case when ${isTaken} then 'PREPARING' when ${isReleased} then 'SCHEDULED' else e.status end,
        reason = case when ${isReadyNow} then null else e.reason end,
        cause_execution_id = case when ${isReadyNow} then null else e.cause_execution_id end,
        ready_at = case when ${isReleased} then coalesce(e.ready_at, clock.at) else e.ready_at end,
        attempt = e.attempt + ${isTaken}::int,
        worker_id = case when ${isTaken} then ${workerId} end,
        lease_token = case when ${isTaken} then gen_random_uuid() end,
        lease_expires_at = case when ${isTaken} then taken_at.at + make_interval(secs => ${leaseSeconds}) end,
        deadline_at = case when ${isTaken} then taken_at.at + make_interval(secs => e.timeout_seconds) end,
        started_at = case when ${isTaken} then coalesce(e.started_at, taken_at.at) else e.started_at end
      from target t, clock, taken_at
      where e.id between t.id and t.id
      returning ${claimedColumns}, e.pool_id, taken_at.at as claimed_at, t.n, t.was
    ),
    -- Before, each dependent had an unfinished dependency and was PENDING, PAUSED or CANCELLED.
    released as (select id, status, attempt from told where n > 0 and status in ('SCHEDULED', 'PREPARING')),
    left_over as (select due_at, pool_id from told where status = 'SCHEDULED'),
    claimed as (select * from told where status = 'PREPARING')`;
}
