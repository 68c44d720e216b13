import type { DbClient } from "@/lib/db/client";
import { BENCH_CHANNEL } from "./claim-by-hand";
import { createStep } from "./step";

/** The worker that the attempts by hand belong to. */
const WORKER_ID = "00000000-0000-7000-8000-000000000001";
/** What a completed attempt of the benchmark's runner stores. */
const RESULT = `'{"exitCode": 0, "durationMs": 0, "runner": "process", "imageDigest": null, "outputs": {}}'::jsonb`;

/**
 * Ends what is held and releases what waited for it, on the product's own tables. Every row that the product's semantics
 * write is written (executions, attempts, events, counts, notifications), by as few statements as possible and nothing else:
 * no failures, no retries, nobody who cancels. Of what it releases it keeps up to `take` at once, with one change of the row
 * instead of two. Rows that others may change too are locked in the order of their ids.
 */
const END = `
create function bench_end(ended uuid[], tokens uuid[], take int, out ids uuid[], out held uuid[], out n int)
language plpgsql as $$
#variable_conflict use_column
declare
  worker constant uuid := '${WORKER_ID}';
begin
  with clock as materialized (select clock_timestamp() as at),
  done as (
    update executions e set status = 'COMPLETED', worker_id = null, lease_token = null, lease_expires_at = null,
      deadline_at = null, finished_at = clock.at, result = ${RESULT}, result_attempt = e.attempt
    from unnest(ended, tokens) as c (id, token), clock
    where e.id between c.id and c.id and e.lease_token is not distinct from c.token
    returning e.id, e.run_id, e.attempt),
  closed as (
    update attempts a set started_at = clock.at, ended_at = clock.at, outcome = 'COMPLETED', result = ${RESULT}
    from done, clock where a.execution_id between done.id and done.id and a.attempt = done.attempt),
  events as (
    insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
    select id, 'PREPARING'::execution_status, 'RUNNING'::execution_status, clock.at, attempt, 'worker', worker from done, clock
    union all
    select id, 'RUNNING', 'COMPLETED', clock.at, attempt, 'worker', worker from done, clock),
  counts as materialized (select run_id, count(*)::int as n from done group by run_id order by run_id)
  update runs r set completed_count = r.completed_count + counts.n, started_at = coalesce(r.started_at, clock.at),
    status = (case when r.completed_count + counts.n = r.total_count then 'COMPLETED' else 'RUNNING' end)::run_status,
    finished_at = case when r.completed_count + counts.n = r.total_count then clock.at end
  from counts, clock where r.id between counts.run_id and counts.run_id;

  with clock as materialized (select clock_timestamp() as at),
  waiting as materialized (
    select id, n, row_number() over (order by id) <= take as may_be_kept from (
      select d.execution_id as id, count(*)::int as n from unnest(ended) as c (id) cross join lateral (
        select execution_id from execution_dependencies where depends_on_id = c.id offset 0) d
      group by d.execution_id) d
    order by id),
  lowered as (
    update executions e set unfinished_dependencies = e.unfinished_dependencies - w.n,
      status = case when e.unfinished_dependencies <> w.n then e.status when w.may_be_kept then 'PREPARING' else 'SCHEDULED' end,
      ready_at = case when e.unfinished_dependencies = w.n then clock.at else e.ready_at end,
      attempt = e.attempt + (e.unfinished_dependencies = w.n and w.may_be_kept)::int,
      worker_id = case when e.unfinished_dependencies = w.n and w.may_be_kept then worker end,
      lease_token = case when e.unfinished_dependencies = w.n and w.may_be_kept then gen_random_uuid() end,
      lease_expires_at = case when e.unfinished_dependencies = w.n and w.may_be_kept then clock.at + interval '30 s' end,
      deadline_at = case when e.unfinished_dependencies = w.n and w.may_be_kept
        then clock.at + make_interval(secs => e.timeout_seconds) end,
      started_at = case when e.unfinished_dependencies = w.n and w.may_be_kept then clock.at else e.started_at end
    from waiting w, clock where e.id between w.id and w.id
    returning e.id, e.status, e.attempt, e.lease_token),
  opened as (
    insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
    select id, attempt, lease_token, worker, 'process', clock.at from lowered, clock where status = 'PREPARING'),
  events as (
    insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
    select id, 'PENDING'::execution_status, 'SCHEDULED'::execution_status, clock.at, 0, 'worker', worker from lowered, clock
    where status in ('SCHEDULED', 'PREPARING')
    union all
    select id, 'SCHEDULED', 'PREPARING', clock.at, attempt, 'worker', worker from lowered, clock where status = 'PREPARING')
  select array_agg(id) filter (where status = 'PREPARING'), array_agg(lease_token) filter (where status = 'PREPARING'),
      count(*) filter (where status = 'PREPARING')::int,
      pg_notify('dagline_changes', '*'),
      case when bool_or(status = 'SCHEDULED') then pg_notify('dagline_queue', '') end
    into ids, held, n from lowered;
end $$`;

/** Takes a batch: a new token, an attempt and an event for each. Of the claiming order only the due time is kept. */
const CLAIM = `
create function bench_claim(batch int, out ids uuid[], out held uuid[], out n int) language plpgsql as $$
#variable_conflict use_column
declare
  worker constant uuid := '${WORKER_ID}';
  chosen tid[];
begin
  chosen := array(
    select ctid from executions
    where status in ('SCHEDULED', 'RETRYING') and pool_id is null and priority = 1 and due_at <= clock_timestamp()
    order by due_at, id limit batch for update skip locked);
  with clock as materialized (select clock_timestamp() as at),
  claimed as (
    update executions e set status = 'PREPARING', attempt = e.attempt + 1, worker_id = worker,
      lease_token = gen_random_uuid(), lease_expires_at = clock.at + interval '30 s',
      deadline_at = clock.at + make_interval(secs => e.timeout_seconds), started_at = coalesce(e.started_at, clock.at)
    from clock where e.ctid = any(chosen)
    returning e.id, e.lease_token, e.attempt),
  opened as (
    insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
    select id, attempt, lease_token, worker, 'process', clock.at from claimed, clock),
  events as (
    insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
    select id, 'SCHEDULED', 'PREPARING', clock.at, attempt, 'worker', worker from claimed, clock)
  select array_agg(id), array_agg(lease_token), count(*)::int into ids, held, n from claimed;
end $$`;

/** One run with one execution, as scheduling a task writes them, by hand. */
const ENQUEUE = `
with task as (select * from tasks where id = $1),
run as (
  insert into runs (id, project_id, source, name, status, total_count, created_by)
  select uuidv7(), project_id, 'task', name, 'SCHEDULED', 1, 'bench' from task returning id),
execution as (
  insert into executions (id, run_id, project_id, task_id, task_key, task_name, priority, workflow_type, workflow_params,
    retry_strategy, max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter, retry_on_exit_codes,
    retry_permanent_errors, timeout_seconds, metadata, status, scheduled_at, due_at, unfinished_dependencies, ready_at)
  select uuidv7(), run.id, project_id, task.id, key, name, priority, workflow_type, workflow_params,
    retry_strategy, max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter, retry_on_exit_codes,
    retry_permanent_errors, timeout_seconds, metadata, 'SCHEDULED', now(), now(), 0, now() from task, run returning id),
event as (
  insert into execution_events (execution_id, to_status, attempt, actor_type, actor_id)
  select id, 'SCHEDULED', 0, 'system', 'bench' from execution)
select id, pg_notify('${BENCH_CHANNEL}', ''), pg_notify('dagline_changes', '*') from execution`;

/** Adds the hand-written step to a database that the product has filled. */
export async function installFull(database: DbClient): Promise<void> {
  await database.sql.unsafe(END);
  await database.sql.unsafe(CLAIM);
  await database.sql.unsafe(createStep("uuid"));
}

/** Schedules one execution of this task by hand; returns its id. */
export async function enqueueFull(database: DbClient, taskId: string): Promise<string> {
  const [row] = await database.sql.unsafe<{ id: string }[]>(ENQUEUE, [taskId], { prepare: true });
  if (!row) throw new Error(`There is no task ${taskId}.`);
  return row.id;
}
