-- What must hold in the database at any moment, and (I01) after everything has come to rest. One row per violated
-- invariant: its name, how many rows violate it, up to five of their ids. No row means all is well.
with final(s) as (values ('COMPLETED'), ('FAILED'), ('CANCELLED'), ('TIMEOUT')),
allowed(f, t) as (values
  ('PENDING','SCHEDULED'),('PENDING','PAUSED'),('PENDING','CANCELLED'),
  ('SCHEDULED','PREPARING'),('SCHEDULED','PAUSED'),('SCHEDULED','CANCELLED'),
  ('PREPARING','RUNNING'),('PREPARING','COMPLETED'),('PREPARING','FAILED'),('PREPARING','TIMEOUT'),('PREPARING','RETRYING'),
  ('PREPARING','CANCELLED'),('PREPARING','SCHEDULED'),
  ('RUNNING','COMPLETED'),('RUNNING','FAILED'),('RUNNING','TIMEOUT'),('RUNNING','RETRYING'),('RUNNING','CANCELLED'),
  ('RUNNING','SCHEDULED'),
  ('PAUSED','PENDING'),('PAUSED','SCHEDULED'),('PAUSED','RETRYING'),('PAUSED','CANCELLED'),
  ('RETRYING','PREPARING'),('RETRYING','PAUSED'),('RETRYING','CANCELLED'),
  ('FAILED','SCHEDULED'),('FAILED','PENDING'),('TIMEOUT','SCHEDULED'),('TIMEOUT','PENDING'),
  ('CANCELLED','SCHEDULED'),('CANCELLED','PENDING')),
ev as (
  select execution_id, event_id, from_status::text, to_status::text, at, reason, actor_type,
    lag(to_status::text) over w as prev, lag(at) over w as prev_at,
    row_number() over w as rn, row_number() over (partition by execution_id order by event_id desc) as rrn
  from execution_events window w as (partition by execution_id order by event_id)),
e as (select id::text, executions.id as uid, run_id, status::text as status, reason, attempt, retries_used, max_retries, retry_strategy::text,
    unfinished_dependencies, lease_token, lease_expires_at, deadline_at, worker_id, cancel_requested_at, created_at, ready_at,
    started_at, finished_at, scheduled_at, due_at, result_attempt, task_key from executions),
manual as (select distinct execution_id from execution_events where reason = 'manual_retry'),
tried as (
  select execution_id, count(*) as n, count(*) filter (where outcome in ('COMPLETED', 'FAILED', 'TIMEOUT')) as ended,
    count(*) filter (where outcome in ('FAILED', 'TIMEOUT')) as failed
  from attempts group by execution_id),
waits as (
  select d.execution_id, count(*) as n from execution_dependencies d join executions p on p.id = d.depends_on_id
  where p.status <> 'COMPLETED' group by d.execution_id),
v(inv, id) as (
  select 'I01_not_final_after_drain', id from e where status not in (select s from final)
  union all select 'I02_last_event_not_final', e.id from e join ev on ev.execution_id = e.uid and rrn = 1
    where e.status in (select s from final) and ev.to_status <> e.status
  union all select 'I02b_left_final_without_a_person', execution_id::text from ev
    where prev in (select s from final) and reason is distinct from 'manual_retry'
  union all select 'I03_history_last_ne_status', e.id from e left join ev on ev.execution_id = e.uid and rrn = 1
    where ev.to_status is distinct from e.status
  union all select 'I03b_history_chain_broken', execution_id::text from ev where rn > 1 and from_status is distinct from prev
  union all select 'I03c_illegal_transition', execution_id::text from ev
    where from_status is not null and (from_status, to_status) not in (select f, t from allowed)
  union all select 'I03d_history_time_backwards', execution_id::text from ev where at < prev_at
  union all select 'I04_token_iff_held', id from e
    where (status in ('PREPARING', 'RUNNING')) <> (lease_token is not null and lease_expires_at is not null)
  union all select 'I05_overlapping_attempts', a.execution_id::text from attempts a join attempts b
    on a.execution_id = b.execution_id and a.attempt < b.attempt and b.claimed_at < coalesce(a.ended_at, 'infinity')
  union all select 'I05b_two_open_attempts', execution_id::text from attempts where ended_at is null group by execution_id having count(*) > 1
  union all select 'I05c_open_attempt_but_not_held', a.execution_id::text from attempts a join e on e.uid = a.execution_id
    where a.ended_at is null and e.status not in ('PREPARING', 'RUNNING')
  union all select 'I06_token_mismatch', e.id from e join attempts a on a.execution_id = e.uid and a.ended_at is null
    where a.lease_token is distinct from e.lease_token
  union all select 'I07_result_not_from_completed_attempt', e.id from e
    left join attempts a on a.execution_id = e.uid and a.attempt = e.result_attempt
    where e.status = 'COMPLETED' and (a.outcome is distinct from 'COMPLETED' or e.result_attempt is distinct from e.attempt)
  union all select 'I07b_two_completed_attempts', execution_id::text from attempts where outcome = 'COMPLETED' group by execution_id having count(*) > 1
  union all select 'I07c_result_on_unsuccessful', id from e where status <> 'COMPLETED' and result_attempt is not null
  union all select 'I08_attempt_gap', execution_id::text from attempts group by execution_id having max(attempt) <> count(*) or min(attempt) <> 1
  union all select 'I08b_attempt_counter', e.id from e left join tried t on t.execution_id = e.uid where e.attempt <> coalesce(t.n, 0)
  -- Lost and released attempts do not count, and a person's retry gives a fresh budget.
  union all select 'I08c_too_many_attempts', e.id from e join tried t on t.execution_id = e.uid
    where e.uid not in (select execution_id from manual) and t.ended > e.max_retries + 1
  union all select 'I08d_none_retried', e.id from e join tried t on t.execution_id = e.uid
    where e.retry_strategy = 'NONE' and e.uid not in (select execution_id from manual) and t.failed > 1
  union all select 'I09_child_claimed_before_parent', d.execution_id::text from execution_dependencies d
    join attempts c on c.execution_id = d.execution_id join e p on p.uid = d.depends_on_id
    where p.status <> 'COMPLETED' or not (p.finished_at <= c.claimed_at)
  union all select 'I09b_counter', e.id from e left join waits w on w.execution_id = e.uid
    where e.unfinished_dependencies <> coalesce(w.n, 0)
  union all select 'I10_child_never_released', e.id from e left join waits w on w.execution_id = e.uid
    where e.status = 'PENDING' and w.execution_id is null
  union all select 'I11_dependent_of_dead_parent_open', e.id from e join execution_dependencies d on d.execution_id = e.uid
    join e p on p.uid = d.depends_on_id
    where p.status in ('FAILED', 'CANCELLED', 'TIMEOUT') and e.status not in (select s from final)
  union all select 'I11b_run_final_without_members', r.id::text from runs r join e on e.run_id = r.id
    where r.status in ('COMPLETED', 'FAILED', 'CANCELLED') and e.status not in (select s from final)
  union all select 'I11c_members_final_without_run', r.id::text from runs r where r.status not in ('COMPLETED', 'FAILED', 'CANCELLED')
    and not exists (select 1 from e where e.run_id = r.id and e.status not in (select s from final))
  union all select 'I11d_run_counts', r.id::text from runs r join (select run_id, count(*) n,
      count(*) filter (where status = 'COMPLETED') c, count(*) filter (where status in ('FAILED', 'TIMEOUT')) f,
      count(*) filter (where status = 'CANCELLED') x from e group by run_id) m on m.run_id = r.id
    where (r.total_count, r.completed_count, r.failed_count, r.cancelled_count) is distinct from (m.n, m.c, m.f, m.x)
  union all select 'I11e_run_status', r.id::text from runs r where r.status::text <> case
    when r.total_count > r.completed_count + r.failed_count + r.cancelled_count then
      case when r.paused_at is not null then 'PAUSED' when r.started_at is not null then 'RUNNING' else 'SCHEDULED' end
    when r.cancelled_count > 0 and (r.cancel_requested_at is not null or r.failed_count = 0) then 'CANCELLED'
    when r.failed_count > 0 then 'FAILED' else 'COMPLETED' end
  union all select 'I12_claimed_after_cancel', e.id from e join attempts a on a.execution_id = e.uid
    where e.cancel_requested_at is not null and a.claimed_at > e.cancel_requested_at
  union all select 'I12b_cancel_requested_but_waiting', id from e
    where cancel_requested_at is not null and status not in ('PREPARING', 'RUNNING', 'CANCELLED')
  union all select 'I13_retry_too_early', b.execution_id::text from attempts a join attempts b
    on b.execution_id = a.execution_id and b.attempt = a.attempt + 1
    where a.next_attempt_at is not null and b.claimed_at < a.next_attempt_at and b.execution_id not in (select execution_id from manual)
  union all select 'I13b_started_before_scheduled_time', a.execution_id::text from attempts a join e on e.uid = a.execution_id
    where a.attempt = 1 and a.claimed_at < e.scheduled_at and e.uid not in (select execution_id from manual)
  union all select 'I14_time_order', id from e
    where finished_at < started_at or started_at < created_at or (status in (select s from final)) <> (finished_at is not null)
  union all select 'I15_held_past_deadline', id from e where status in ('PREPARING', 'RUNNING') and deadline_at < now() - interval '60 s'
  union all select 'I15b_held_with_expired_lease', id from e where status in ('PREPARING', 'RUNNING') and lease_expires_at < now() - interval '60 s'
  union all select 'I16_self_edge', execution_id::text from execution_dependencies where execution_id = depends_on_id
  union all select 'I16b_dependency_across_runs', d.execution_id::text from execution_dependencies d
    join e a on a.uid = d.execution_id join e b on b.uid = d.depends_on_id where a.run_id is distinct from b.run_id
  union all select 'I16c_duplicate_task_key', min(id) from e group by run_id, task_key having count(*) > 1
  -- Every cycle has a dependency whose ids go up, and a sound graph has none: its ids are given out in running order.
  union all (with recursive w as (
      select execution_id as start, depends_on_id as at from execution_dependencies where depends_on_id >= execution_id
      union select w.start, d.depends_on_id from w join execution_dependencies d on d.execution_id = w.at)
    select 'I16d_cycle', start::text from w where at = start limit 5)
  union all select 'I17_orphan_log', l.execution_id::text from execution_logs l
    left join attempts a on a.execution_id = l.execution_id and a.attempt = l.attempt where a.execution_id is null
  union all select 'I17b_orphan_event', v.execution_id::text from execution_events v
    left join executions x on x.id = v.execution_id where x.id is null
  union all select 'I17c_orphan_attempt', a.execution_id::text from attempts a
    left join executions x on x.id = a.execution_id where x.id is null
  union all select 'I18_final_with_lease', id from e where status in (select s from final)
    and (lease_token is not null or worker_id is not null or lease_expires_at is not null)
  -- Claims since the pool was last changed: with fewer slots than before, what runs goes on.
  union all select 'I19_pool_overfull', o.pool_id::text from (
      select x.pool_id, x.at, x.change, sum(x.change) over (partition by x.pool_id, x.pool_key order by x.at, x.change rows unbounded preceding) as held
      from (
        select c.pool_id, c.pool_key, a.claimed_at as at, 1 as change from attempts a join executions c on c.id = a.execution_id
        union all select c.pool_id, c.pool_key, a.ended_at, -1 from attempts a join executions c on c.id = a.execution_id where a.ended_at is not null
      ) x where x.pool_id is not null) o
    join pools p on p.id = o.pool_id where o.change = 1 and o.at > p.updated_at and o.held > p.slots
)
select inv, count(*)::int as n, to_jsonb((array_agg(id order by id))[1:5]) as sample from v group by inv order by inv;
