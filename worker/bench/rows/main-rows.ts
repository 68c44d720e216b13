// Ids are as old as their rows, since lists are in the order of the ids.

/** The runs; `new_runs` remembers them. */
export const RUNS = `
with made as (
  select uuidv7(-age) as id, now() - age as at
  from (select ($1::int - n + 1) * ($2::interval / $1::int) as age from generate_series(1, $1::int) n) ages),
inserted as (
  insert into runs (id, project_id, graph_id, source, name, status, total_count, completed_count, failed_count, cancelled_count,
    created_by, created_at, started_at, finished_at)
  select id, $3::uuid, $4::uuid, case when $4::uuid is null then 'batch' else 'graph' end, $5::text || ' ' || row_number() over (order by id),
    $6::run_status, $7::int, $8::int, $9::int, $10::int, 'bench', at,
    case when $6 <> 'SCHEDULED' then at end,
    case when $6 in ('COMPLETED', 'FAILED', 'CANCELLED') then at + $7 * interval '1 s' end
  from made)
insert into new_runs (id, at) select id, at from made`;

/** Their executions: the i-th was claimed i seconds after the run's creation, if it was, and ended within the second. */
export const EXECUTIONS = `
insert into executions (id, run_id, project_id, task_id, task_key, task_name, priority, workflow_type, workflow_params,
  retry_strategy, max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter, retry_permanent_errors,
  timeout_seconds, metadata, status, reason, paused_from, scheduled_at, due_at, unfinished_dependencies, attempt, retries_used,
  worker_id, lease_token, lease_expires_at, deadline_at, created_at, ready_at, started_at, finished_at, result, result_attempt, error)
select uuidv7(r.at - now() + p.i * interval '1 ms'), r.id, t.project_id, t.id, 't' || p.i, t.name, t.priority, t.workflow_type,
  t.workflow_params, t.retry_strategy, t.max_retries, t.retry_delay_seconds, t.max_retry_delay_seconds, t.retry_jitter,
  t.retry_permanent_errors, t.timeout_seconds, t.metadata, p.status,
  case when p.status = 'CANCELLED' then 'cancel_requested' end,
  case when p.status = 'PAUSED' then 'SCHEDULED'::execution_status end,
  case when facts.started then r.at else due.at end, due.at,
  case when p.status = 'PENDING' then 1 else 0 end,
  facts.started::int,
  case when p.status = 'RETRYING' then 1 else 0 end,
  case when facts.held then $4::uuid end,
  case when facts.held then gen_random_uuid() end,
  case when facts.held then now() + interval '1 day' end,
  case when facts.held then now() + interval '1 day' end,
  r.at,
  case when p.status <> 'PENDING' then r.at end,
  case when facts.started then r.at + p.i * interval '1 s' end,
  case when facts.final then r.at + p.i * interval '1 s' + interval '0.9 s' end,
  case when p.status = 'COMPLETED' then '{"exitCode": 0, "durationMs": 900, "runner": "process", "imageDigest": null, "outputs": {}}'::jsonb end,
  case when p.status = 'COMPLETED' then 1 end,
  case when p.status in ('FAILED', 'TIMEOUT', 'RETRYING')
    then '{"class": "exit", "message": "Exit code 1, without any output", "exitCode": 1, "signal": null}'::jsonb end
from new_runs r
  cross join unnest($2::execution_status[]) with ordinality p (status, i)
  cross join lateral (select ($1::uuid[])[1 + p.i % array_length($1::uuid[], 1)] as task_id) chosen
  join tasks t on t.id = chosen.task_id
  cross join lateral (select
    p.status in ('PREPARING', 'RUNNING', 'COMPLETED', 'FAILED', 'TIMEOUT', 'RETRYING') as started,
    p.status in ('PREPARING', 'RUNNING') as held,
    p.status in ('COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED') as final) facts
  cross join lateral (select case when p.status in ('SCHEDULED', 'RETRYING', 'PAUSED') then now() + $3::interval else r.at end as at) due`;
