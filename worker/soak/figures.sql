-- What happened, counted from the rows. $1: the lease in seconds.
with open_at_stop as (
  select s."from", s."to", a.* from soak.stops s join attempts a on a.worker_id = s."workerId"
  where a.claimed_at < s."from" and a.ended_at > s."from"),
-- Commands that ended while their worker was stopped, and who ended the attempt.
finished_asleep as (
  select o.*, e.at as recorded_at, e.actor_type from open_at_stop o
  join soak.ledger l on l."executionId" = o.execution_id and l.attempt = o.attempt and l.kind = 'e' and l.at between o."from" and o."to"
  join execution_events e on e.execution_id = o.execution_id and e.attempt = o.attempt and e.from_status in ('PREPARING', 'RUNNING')
    and e.to_status not in ('RUNNING')),
meddled as (select distinct execution_id from execution_events where reason in ('paused', 'manual_retry')),
passed_over as materialized (
  select e.priority, greatest(e.ready_at, e.scheduled_at) + interval '1 s' as "from", a.claimed_at as "to"
  from executions e join attempts a on a.execution_id = e.id and a.attempt = 1
  where e.pool_id is null and e.id not in (select execution_id from meddled)
    and a.claimed_at > greatest(e.ready_at, e.scheduled_at) + interval '1 s'),
-- How many held a slot of each pool and key right after each claim from it, with the slots that the pool has in the end.
pool_claims as materialized (
  select pool_id, pool_key, held, p.slots, p.name from (
    select e.pool_id, e.pool_key, v.change,
      sum(v.change) over (partition by e.pool_id, e.pool_key order by v.at, v.change rows unbounded preceding) as held
    from attempts a join executions e on e.id = a.execution_id
    cross join lateral (values (a.claimed_at, 1), (a.ended_at, -1)) v (at, change)
    where e.pool_id is not null and v.at is not null) c
  join pools p on p.id = c.pool_id where change = 1),
losses as (
  select distinct c."workerId", c.at from soak.lost_commits c
  join attempts a on a.execution_id = c.id and a.worker_id = c."workerId" and a.outcome = 'COMPLETED')
select
  (select count(*)::int from soak.accepted) as accepted,
  (select count(*)::int from attempts) as attempts,
  (select count(*)::int from attempts where outcome = 'LOST') as lost_attempts,
  (select count(*)::int from soak.kills) as kills,
  (select count(distinct k."workerId")::int from soak.kills k join attempts a on a.worker_id = k."workerId"
    where a.claimed_at <= k.at and a.ended_at > k.at) as kills_at_work,
  (select count(*)::int from soak.stops) as stops,
  (select count(*)::int from finished_asleep where actor_type = 'system') as stale_finishes,
  (select count(*)::int from finished_asleep f join executions e on e.id = f.execution_id where f.actor_type = 'system'
    and (e.result_attempt = f.attempt or e.result->'outputs'->>'by' = f.attempt::text)) as stale_recorded,
  (select count(*)::int from finished_asleep where actor_type = 'worker'
    and recorded_at > "from" + make_interval(secs => $1)) as recorded_by_a_token_that_held,
  (select count(*)::int from soak.stalls l where not exists (
    select 1 from soak.stops s where s."workerId" = l."workerId" and l."from" < s."to" + interval '2 s' and l."to" > s."from")) as stalls,
  (select count(*)::int from soak.crashes) as crashes,
  (select count(*)::int from losses) as lost_commits,
  (select count(*)::int from pool_claims) as pool_claims,
  (select count(*)::int from pool_claims where held = slots) as pool_claims_of_last_slot,
  (select string_agg(name || ' ' || held || ' of ' || slots, ', ' order by name) from (
    select name, max(held) as held, max(slots) as slots from pool_claims where name <> 'resized' group by name) p) as most_held,
  (select count(*)::int from soak.cancelled) as cancels,
  (select count(*)::int from execution_events where reason = 'cancel_requested') as cancelled_by_request,
  (select count(*)::int from execution_events where reason = 'manual_retry') as retried_by_a_person,
  -- Claims of something while what is of a higher priority had been ready for more than a second.
  (select count(*)::int from attempts la join executions l on l.id = la.execution_id
    where la.attempt = 1 and l.id not in (select execution_id from meddled) and exists (
      select 1 from passed_over h where h.priority > l.priority and la.claimed_at between h."from" and h."to")) as priority_inversions;
