import { type SQL, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import type { ExecutionStatus } from "@/lib/domain/status";

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
  /** Milliseconds until the attempt times out, as the database sees it. */
  timeoutMs: number;
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
 */
export async function claimExecutions(
  db: Db,
  input: {
    workerId: string;
    runner: string;
    limit: number;
    fairSlots: number;
    starvationBoundSeconds: number;
    leaseSeconds: number;
  },
): Promise<ClaimedExecution[]> {
  const { workerId, runner, limit, leaseSeconds } = input;
  const rows = await db.execute<ClaimRow>(sql`
    with starved as materialized (${starved(input)}),
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
      returning e.*, clock.at as claimed_at
    ),
    opened as (
      insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
      select id, attempt, lease_token, worker_id, ${runner}, claimed_at from claimed
    ),
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
      select id, chosen.status, claimed.status, claimed_at, attempt, 'worker', ${workerId} from claimed join chosen using (id)
    ),
    notified as (
      select pg_notify(${channels.changes}, case when (select count(distinct run_id) from claimed) > 20 then '*' else run_id::text end)
      from (select distinct run_id from claimed) r
    )
    select id, run_id, project_id, task_key, task_name, attempt, lease_token, workflow_type, workflow_params, metadata,
      timeout_seconds, (select count(*) from notified) as notified
    from claimed order by priority desc, due_at, id`);
  return rows.map(toClaimed);
}

/** Ready and due rows of one priority in claiming order. */
function ready(priority: number, limit: SQL): SQL {
  return sql`
    select id, status from executions
    where status in ('SCHEDULED', 'RETRYING') and priority = ${sql.raw(String(priority))} and due_at <= now()
      and id not in (select id from starved)
    order by due_at, id limit greatest(${limit}, 0) for update skip locked`;
}

/** The oldest rows beyond the starvation bound: one short index scan for each priority, then a lock on those taken. */
function starved(input: { fairSlots: number; starvationBoundSeconds: number }): SQL {
  return sql`
    select e.id, e.status from executions e
    where e.status in ('SCHEDULED', 'RETRYING') and e.due_at <= now() and e.id = any(array(
      select o.id from (values (0), (1), (2)) p (priority) cross join lateral (
        select id, due_at from executions
        where status in ('SCHEDULED', 'RETRYING') and priority = p.priority
          and due_at <= now() - make_interval(secs => ${input.starvationBoundSeconds})
        order by due_at, id limit ${input.fairSlots}
      ) o order by o.due_at, o.id limit ${input.fairSlots}))
    for update skip locked`;
}

type ClaimRow = {
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
  timeout_seconds: number;
  status: ExecutionStatus;
};

function toClaimed(row: ClaimRow): ClaimedExecution {
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
    timeoutMs: row.timeout_seconds * 1000,
  };
}
