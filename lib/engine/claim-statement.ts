import { type SQL, sql } from "drizzle-orm";
import type { ClaimParts } from "./claim-kinds";
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

export type Claim = {
  executions: ClaimedExecution[];
  /** How many of them had waited in the queue; the others were released by the completions that the claim went along with. */
  fromQueue: number;
  /** How much of what those completions released was left for the next claim. */
  leftOver: number;
  /** When fewer than `limit` were ready: milliseconds until the next one becomes due; null when none waits. */
  nextDueInMs: number | null;
  /** Milliseconds until the breaker of the engine is half-open, 0 when it is; null while it is closed. */
  halfOpenInMs: number | null;
  /**
   * Whether something in a pool is due: `needed` when it took nothing for that reason and a claim that looks at pools is to
   * follow at once, `full` when it was passed by.
   */
  pools: "none" | "full" | "needed";
};

/**
 * The CTE `breaker`: when the breaker of the engine is half-open; null while it is closed. Looked at once: unless it is null,
 * the one-time filters of the scans keep them from starting.
 */
export function breakerOf({ engine }: Pick<ClaimParts, "engine">): SQL {
  return sql`
    breaker as materialized (
      select (select half_open_at from circuit_breakers where engine = ${engine}) as half_open_at
    )`;
}

/** Whether the breaker is closed. */
export const isClosed = sql`(select half_open_at is null from breaker)`;

/** Whether anything may be taken, as the CTE `pooled` says: not while a claim that looks at pools is needed. */
export const mayTake = sql`(select may_take from pooled)`;

type ReadyInput = Pick<ClaimParts, "limit" | "fairSlots" | "starvationBoundSeconds"> & {
  /** What must be true before a row is locked. */
  when: SQL;
  /** How many of the limit go to others. */
  taken?: SQL;
};

/**
 * The CTEs `starved` and `in_turn`: rows without a pool, ready and due, in the order of the claim and locked. They are
 * MATERIALIZED because an inlined one may be run again by the join and lock more than its limit.
 */
export function readyRows(input: ReadyInput): SQL {
  return input.fairSlots
    ? sql`${starvedRows(input, input.fairSlots)}, ${rowsInTurn(input)}`
    : rowsInTurn(input);
}

/** Everything that `readyRows` found. */
export function allReadyRows({ fairSlots }: Pick<ClaimParts, "fairSlots">): SQL {
  return fairSlots ? sql`table starved union all table in_turn` : sql`table in_turn`;
}

/** How much of the limit the CTE `starved` has left. */
export function leftByStarved({ limit, fairSlots }: Pick<ClaimParts, "limit" | "fairSlots">): SQL {
  return fairSlots ? sql`greatest(${limit} - (select count(*) from starved), 0)` : limit;
}

/** The rows of executions_claim_idx. */
export const isReady = sql`status in ('SCHEDULED', 'RETRYING') and pool_id is null`;

/**
 * Whether nobody held the row when the statement's snapshot was taken, nor has got hold of it since: the transaction in its
 * `xmax` was over by then. Where several workers claim, most of what is ready is just being taken by one of them, and to be
 * refused a lock costs many times what it costs to see that.
 *
 * It saves time and decides nothing: that is for SKIP LOCKED. Should a holder give up, the next poll finds the row. An `xmax`
 * that stands for several lockers, a MultiXactId, counts as free.
 */
export const isFree = sql`xmax <> all (array(select x::xid from pg_snapshot_xip(pg_current_snapshot()) x))
  and (age(xmax) > (select age(pg_snapshot_xmax(pg_current_snapshot())::xid)) or mxid_age(xmax) >= 0)`;

/**
 * One range scan of executions_claim_idx for each priority, the highest first, so future, blocked and finished rows cost
 * nothing. The limit outside stops it: rows are locked one by one as it asks for them, and none that it does not take. The
 * limit inside says the same to the planner, which would sort all that is ready otherwise.
 */
function rowsInTurn({ taken, when, ...input }: ReadyInput): SQL {
  const others = input.fairSlots ? sql`and id not in (select id from starved)` : sql``;
  const left = taken ? sql`(${leftByStarved(input)} - ${taken})` : leftByStarved(input);
  return sql`in_turn as materialized (
    select due.* from (values (3), (2), (1), (0)) p (priority) cross join lateral (
      select id, status, priority, due_at from executions
      where ${isReady} and priority = p.priority and due_at <= now() and ${isFree} ${others}
      order by due_at, id limit ${left} for update skip locked
    ) due
    where ${when} limit ${left})`;
}

/** The oldest rows beyond the starvation bound: one short index scan for each priority, then a lock on those taken. */
function starvedRows({ starvationBoundSeconds, when }: ReadyInput, fairSlots: SQL): SQL {
  return sql`starved as materialized (
    select e.id, e.status, e.priority, e.due_at from executions e
    where e.status in ('SCHEDULED', 'RETRYING') and e.due_at <= now() and ${when}
      and e.id = any(array(
      select o.id from (values (0), (1), (2)) p (priority) cross join lateral (
        select id, due_at from executions
        where ${isReady} and priority = p.priority and due_at <= now() - make_interval(secs => ${starvationBoundSeconds})
        order by due_at, id limit ${fairSlots}
      ) o order by o.due_at, o.id limit ${fairSlots}))
    for update skip locked)`;
}

/** What a claim says of the executions `e` that it has taken. */
export const claimedColumns = sql`
  e.id, e.run_id, e.project_id, e.task_key, e.task_name, e.priority, e.due_at, e.ready_at, e.status, e.attempt, e.lease_token,
  e.worker_id, e.workflow_type, e.workflow_params, e.metadata, e.scheduled_for, e.timeout_seconds`;

/**
 * The rest of the statement: takes the rows of the CTE `chosen` (id, status) for the worker, with their attempts, events
 * and notifications. The CTE `pooled` says what there is in pools (pools) and when the next row there becomes due (next_at).
 */
export function takeChosen(parts: ClaimParts): SQL {
  const { workerId, limit, leaseSeconds } = parts;
  return sql`
    clock as materialized (select clock_timestamp() as at),
    claimed as (
      update executions e set status = 'PREPARING', reason = null, cause_execution_id = null,
        attempt = e.attempt + 1, worker_id = ${workerId}, lease_token = gen_random_uuid(),
        lease_expires_at = clock.at + make_interval(secs => ${leaseSeconds}),
        deadline_at = clock.at + make_interval(secs => e.timeout_seconds),
        started_at = coalesce(e.started_at, clock.at)
      from clock
      where e.id = any(array(select id from chosen))
      returning ${claimedColumns}, clock.at as claimed_at
    ),
    ${openAttempts(parts)},
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
      select id, case when id in (select id from chosen where status = 'RETRYING') then 'RETRYING'::execution_status else 'SCHEDULED' end,
        status, claimed_at, attempt, 'worker', worker_id from claimed
    ),
    changed as (${notifyRuns(sql`claimed`)}),
    ${rest({ limit, nextDue: sql`(${nextDue}), (select next_at from pooled)` })}
    select pools, ${claimedAndRest}, array(select 1 from changed) from pooled, rest`;
}

/** The CTE `opened`: an attempt for each row of the CTE `claimed`. */
export function openAttempts({ runner }: Pick<ClaimParts, "runner">): SQL {
  return sql`
    opened as (
      insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
      select id, attempt, lease_token, worker_id, ${runner}, claimed_at from claimed
    )`;
}

/**
 * The CTE `rest`: how many the CTE `claimed` has; when the first of `nextDue` comes, if it has not filled the limit; and when
 * the breaker is half-open.
 */
export function rest({ limit, nextDue: dueTimes }: { limit: SQL; nextDue: SQL }): SQL {
  return sql`
    rest as materialized (
      select n as claimed_count, case when n < ${limit} then least(${dueTimes}) end as next_due_at,
        (select greatest(extract(epoch from half_open_at - clock_timestamp()) * 1000, 0) from breaker
          where half_open_at is not null)::float8 as half_open_ms
      from (select count(*) as n from claimed) c
    )`;
}

/** Columns of the answer, from the CTEs `claimed` and `rest`: the executions are one JSON text, which is read at once. */
export const claimedAndRest = sql`
  (select json_agg(c) from (
    select id, run_id, project_id, task_key, task_name, attempt, lease_token, workflow_type, workflow_params, metadata,
      scheduled_for, timeout_seconds,
      (extract(epoch from claimed_at - greatest(due_at, ready_at)) * 1000)::float8 as waited_ms
    from claimed order by priority desc, due_at, id) c) as claimed,
  (extract(epoch from next_due_at - clock_timestamp()) * 1000)::float8 as next_due_ms, half_open_ms`;

/** What the answer to a statement that ends so says. */
export function readClaim(answer: readonly unknown[]): Claim {
  const [row] = answer as ClaimRow[]; // what its last lines select
  const executions = (row?.claimed ?? []).map(toClaimed);
  return {
    executions,
    fromQueue: row?.from_queue ?? executions.length,
    leftOver: row?.left_over ?? 0,
    nextDueInMs: row?.next_due_ms == null ? null : Math.max(0, row.next_due_ms),
    halfOpenInMs: row?.half_open_ms ?? null,
    pools: row?.pools ?? "none",
  };
}

/**
 * When the first that was not chosen, and that nobody else is taking, is or was due: one probe of executions_claim_idx for
 * each priority.
 */
export const nextDue = sql`
  select min(o.due_at) from (values (0), (1), (2), (3)) p (priority) cross join lateral (
    select due_at from executions
    where ${isReady} and priority = p.priority and ${isFree} and id not in (select id from chosen)
    order by due_at limit 1) o`;

type ClaimRow = {
  claimed: ClaimedRow[] | null;
  /** Where not all are. */
  from_queue?: number;
  left_over?: number;
  next_due_ms: number | null;
  half_open_ms: number | null;
  pools: Claim["pools"];
};

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
