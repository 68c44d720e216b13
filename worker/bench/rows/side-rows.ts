/** Each waits for the one before, where that is COMPLETED or the execution is PENDING because of it. */
export const DEPENDENCIES = `
insert into execution_dependencies (execution_id, depends_on_id)
select e.id, before.id
from new_runs r
  join executions e on e.run_id = r.id
  join executions before on before.run_id = r.id and before.task_key = 't' || (substr(e.task_key, 2)::int - 1)
where e.status = 'PENDING' or (before.status = 'COMPLETED' and e.status <> 'CANCELLED')`;

export const ATTEMPTS = `
insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at, started_at, ended_at, outcome, error, result, next_attempt_at)
select e.id, 1, coalesce(e.lease_token, gen_random_uuid()), coalesce(e.worker_id, '00000000-0000-7000-8000-000000000002'), 'process',
  e.started_at, e.started_at,
  case when e.lease_token is null then e.started_at + interval '0.9 s' end,
  case when e.lease_token is null then case when e.status = 'RETRYING' then 'FAILED' else e.status::text end end,
  e.error, e.result,
  case when e.status = 'RETRYING' then e.due_at end
from new_runs r join executions e on e.run_id = r.id
where e.attempt = 1`;

/** The way of each to its status; the numbers of the events follow it. */
export const EVENTS = `
insert into execution_events (execution_id, from_status, to_status, at, attempt, reason, actor_type, actor_id)
select e.id, v.from_status, v.to_status, v.at, v.attempt, case when v.to_status = 'CANCELLED' then e.reason end, 'system', 'bench'
from new_runs r join executions e on e.run_id = r.id
  cross join lateral (values
    (1, true, null, (case when e.status = 'PENDING' then 'PENDING' else 'SCHEDULED' end)::execution_status, e.created_at, 0),
    (2, e.attempt = 1, 'SCHEDULED'::execution_status, 'PREPARING', e.started_at, 1),
    (3, e.attempt = 1 and e.status <> 'PREPARING', 'PREPARING', 'RUNNING', e.started_at, 1),
    (4, e.attempt = 1 and e.lease_token is null, 'RUNNING', e.status, e.started_at + interval '0.9 s', 1),
    (5, e.status in ('PAUSED', 'CANCELLED'), 'SCHEDULED', e.status, coalesce(e.finished_at, e.created_at), 0)
  ) v (n, happened, from_status, to_status, at, attempt)
where v.happened
order by e.id, v.n`;
