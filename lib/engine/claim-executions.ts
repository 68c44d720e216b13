import { type SQL, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import { notifyRuns } from "./notify-change";

/** What a worker needs to run an attempt. */
export type ClaimedExecution = {
  executionId: string;
  runId: string;
  projectId: string;
  taskKey: string;
  taskName: string;
  attempt: number;
  leaseToken: string;
  workflowType: string;
  workflowParams: unknown;
  metadata: unknown;
  /** The fire time that its run is for, RFC 3339 in the schedule's time zone; null when no schedule started it. */
  scheduledFor: string | null;
  /** Milliseconds until the attempt times out, as the database sees it. */
  timeoutMs: number;
  /** Milliseconds from the moment it was ready and due until it was claimed, as the database sees it. */
  waitedMs: number;
  /** Its end decides about the circuit breaker of the engine. */
  isProbe: boolean;
};

export type ClaimInput = {
  workerId: string;
  runner: string;
  /** Whose circuit breaker must be closed; null when the caller has looked at it. */
  engine: string | null;
  limit: number;
  fairSlots: number;
  starvationBoundSeconds: number;
  leaseSeconds: number;
};

export type Claim = {
  executions: ClaimedExecution[];
  /** When fewer than `limit` were ready: milliseconds until the next one becomes due; null when none waits. */
  nextDueInMs: number | null;
  /** Milliseconds until the breaker of the engine is half-open, 0 when it is; null while it is closed. */
  halfOpenInMs: number | null;
};

/**
 * Takes up to `limit` executions for a worker: strictly by priority, then due time, then id, over rows that are ready and
 * due. Of the limit, `fairSlots` go first to whatever below CRITICAL has waited longer than the starvation bound, oldest
 * first, so that a stream of urgent work cannot hold back the rest for ever.
 *
 * One statement, no round trip between choosing and taking. Each priority is one range scan of executions_claim_idx that
 * stops at its limit, so future, blocked and finished rows cost nothing, and a row is locked only if it is taken: SKIP
 * LOCKED never makes another worker pass over work that then stays behind. The CTEs are MATERIALIZED because an inlined
 * one may be run again by the join and lock more than its limit. Ids go through arrays because the planner takes a LIMIT it
 * does not know for a tenth of the table, and would join by reading all of it.
 *
 * While the circuit breaker of the worker's engine is not closed, nothing is taken: `claimProbes` is the way then, which
 * names no engine here since it has looked at the breaker itself.
 */
export async function claimExecutions(db: Db, input: ClaimInput): Promise<Claim> {
  return readClaim(await db.execute(claimStatement({ ...input, announcesRest: false })));
}

/** The statement of `claimExecutions`. `announcesRest`: whether workers are to be told when more may be ready. */
export function claimStatement(input: ClaimInput & { announcesRest: boolean }): SQL {
  const { workerId, runner, limit, leaseSeconds, announcesRest } = input;
  return sql`${prepared}
    with breaker as materialized (${breakerOf(input)}),
    starved as materialized (${starved(input)}),
    critical as materialized (${ready(3, sql`${limit}::int - (select count(*) from starved)`)}),
    high as materialized (${ready(2, sql`${limit}::int - (select count(*) from (table starved union all table critical) t)`)}),
    medium as materialized (${ready(1, sql`${limit}::int - (select count(*) from (table starved union all table critical union all table high) t)`)}),
    low as materialized (${ready(0, sql`${limit}::int - (select count(*) from (table starved union all table critical union all table high union all table medium) t)`)}),
    chosen as materialized (
      table starved union all table critical union all table high union all table medium union all table low
    ),
    clock as materialized (select clock_timestamp() as at),
    claimed as (
      update executions e set status = 'PREPARING', reason = null, cause_execution_id = null,
        attempt = e.attempt + 1, worker_id = ${workerId}, lease_token = gen_random_uuid(),
        lease_expires_at = clock.at + make_interval(secs => ${leaseSeconds}),
        deadline_at = clock.at + make_interval(secs => e.timeout_seconds),
        started_at = coalesce(e.started_at, clock.at)
      from clock
      where e.id = any(array(select id from chosen))
      returning e.id, e.run_id, e.project_id, e.task_key, e.task_name, e.priority, e.due_at, e.ready_at, e.status, e.attempt,
        e.lease_token, e.worker_id, e.workflow_type, e.workflow_params, e.metadata, e.scheduled_for,
        e.timeout_seconds, clock.at as claimed_at
    ),
    opened as (
      insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
      select id, attempt, lease_token, worker_id, ${runner}, claimed_at from claimed
    ),
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
      select id, (case when id in (select id from chosen where status = 'RETRYING') then 'RETRYING' else 'SCHEDULED' end)::execution_status,
        status, claimed_at, attempt, 'worker', ${workerId} from claimed
    ),
    changed as (${notifyRuns("claimed")}),
    woken as (
      select pg_notify(${channels.queue}, '')
      where ${announcesRest}::boolean and (select count(*) from claimed) = ${limit}::int
    ),
    rest as (select case when (select count(*) from claimed) < ${limit}::int then (${nextDue}) end as next_due_ms,
      (select greatest(extract(epoch from half_open_at - clock_timestamp()) * 1000, 0) from breaker
        where half_open_at is not null)::float8 as half_open_ms)
    select id, run_id, project_id, task_key, task_name, attempt, lease_token, workflow_type, workflow_params, metadata,
      scheduled_for, timeout_seconds,
      (extract(epoch from claimed_at - greatest(due_at, ready_at)) * 1000)::float8 as waited_ms, next_due_ms, half_open_ms,
      (select count(*) from changed), (select count(*) from woken)
    from rest left join claimed on true order by priority desc, due_at, id`;
}

/** What the answer to `claimStatement` says. */
export function readClaim(answer: readonly unknown[]): Claim {
  const rows = answer as ClaimRow[]; // what its last lines select
  return {
    executions: rows.filter(isClaimed).map(toClaimed),
    nextDueInMs: rows[0]?.next_due_ms ?? null,
    halfOpenInMs: rows[0]?.half_open_ms ?? null,
  };
}

/**
 * When the breaker of the engine is half-open; null while it is closed. Looked at once: unless it is null, the one-time
 * filters of the scans keep them from starting.
 */
function breakerOf({ engine }: { engine: string | null }): SQL {
  return sql`select (select half_open_at from circuit_breakers where engine = ${engine}) as half_open_at`;
}

/** Ready and due rows of one priority in claiming order. */
function ready(priority: number, limit: SQL): SQL {
  return sql`
    select id, status from executions
    where status in ('SCHEDULED', 'RETRYING') and priority = ${sql.raw(String(priority))} and due_at <= now()
      and id not in (select id from starved) and (select half_open_at is null from breaker)
    order by due_at, id limit greatest(${limit}, 0) for update skip locked`;
}

/** The oldest rows beyond the starvation bound: one short index scan for each priority, then a lock on those taken. */
function starved(input: { fairSlots: number; starvationBoundSeconds: number }): SQL {
  return sql`
    select e.id, e.status from executions e
    where e.status in ('SCHEDULED', 'RETRYING') and e.due_at <= now() and (select half_open_at is null from breaker) and e.id = any(array(
      select o.id from (values (0), (1), (2)) p (priority) cross join lateral (
        select id, due_at from executions
        where status in ('SCHEDULED', 'RETRYING') and priority = p.priority
          and due_at <= now() - make_interval(secs => ${input.starvationBoundSeconds})
        order by due_at, id limit ${input.fairSlots}
      ) o order by o.due_at, o.id limit ${input.fairSlots}))
    for update skip locked`;
}

/**
 * One probe of executions_claim_idx for each priority, whatever the number of rows. GREATEST takes NULL for nothing: without
 * the CASE an empty queue would look due, and an idle worker would ask again at once, for ever.
 */
const nextDue = sql`
  select case when min(o.due_at) is not null
    then greatest(0, (extract(epoch from min(o.due_at) - clock_timestamp()) * 1000)::float8) end
  from (values (0), (1), (2), (3)) p (priority) cross join lateral (
    select due_at from executions
    where status in ('SCHEDULED', 'RETRYING') and priority = p.priority and id not in (select id from chosen)
    order by due_at limit 1) o`;

type ClaimRow = { next_due_ms: number | null; half_open_ms: number | null } & (
  | ClaimedRow
  | { id: null }
);

type ClaimedRow = {
  id: string;
  run_id: string;
  project_id: string;
  task_key: string;
  task_name: string;
  attempt: number;
  lease_token: string;
  workflow_type: string;
  workflow_params: unknown;
  metadata: unknown;
  scheduled_for: string | null;
  timeout_seconds: number;
  waited_ms: number;
};

/** The statement answers one row at least, which is empty when it took nothing. */
function isClaimed(row: ClaimRow): row is ClaimRow & ClaimedRow {
  return row.id !== null;
}

function toClaimed(row: ClaimedRow): ClaimedExecution {
  return {
    executionId: row.id,
    runId: row.run_id,
    projectId: row.project_id,
    taskKey: row.task_key,
    taskName: row.task_name,
    attempt: row.attempt,
    leaseToken: row.lease_token,
    workflowType: row.workflow_type,
    workflowParams: row.workflow_params,
    metadata: row.metadata,
    scheduledFor: row.scheduled_for,
    timeoutMs: row.timeout_seconds * 1000,
    waitedMs: row.waited_ms,
    isProbe: false,
  };
}
