-- How long things took, in milliseconds: median, 99th percentile and longest of each kind. Executions that a person has
-- paused or retried are left out where their waiting would be that person's.
with meddled as (select distinct execution_id from execution_events where reason in ('paused', 'manual_retry')),
next as (
  select a.execution_id, a.outcome, a.worker_id, a.claimed_at, a.ended_at, a.next_attempt_at, b.claimed_at as next_claimed_at
  from attempts a join attempts b on b.execution_id = a.execution_id and b.attempt = a.attempt + 1
  where a.execution_id not in (select execution_id from meddled)),
first as (
  select e.priority, e.pool_id, a.claimed_at - greatest(e.ready_at, e.scheduled_at) as waited
  from attempts a join executions e on e.id = a.execution_id
  where a.attempt = 1 and e.ready_at is not null and e.id not in (select execution_id from meddled)),
took(what, span) as (
  select 'from a kill to the next attempt (the first after it)', n.next_claimed_at - k.at from soak.kills k
    join next n on n.worker_id = k."workerId" and n.claimed_at <= k.at and n.ended_at > k.at and n.outcome = 'LOST'
    where n.next_attempt_at <= n.ended_at + interval '10 ms'
  union all select 'from the end of a lost attempt, once the next is due, to its claim', next_claimed_at - greatest(ended_at, next_attempt_at)
    from next where outcome = 'LOST'
  union all select 'from a retry''s due time to its claim', next_claimed_at - next_attempt_at from next where outcome in ('FAILED', 'TIMEOUT')
  union all select 'from ready and due to the first claim', waited from first where pool_id is null
  union all select 'from ready and due to the first claim, priority LOW', waited from first where pool_id is null and priority = 0
  union all select 'from ready and due to the first claim, of a pool', waited from first where pool_id is not null
  union all select 'from a deadline to TIMEOUT', a.ended_at - a.claimed_at - make_interval(secs => e.timeout_seconds)
    from attempts a join executions e on e.id = a.execution_id where a.outcome = 'TIMEOUT'
  union all select 'from a cancel of a running execution to CANCELLED', finished_at - cancel_requested_at from executions
    where status = 'CANCELLED' and cancel_requested_at is not null and cancel_requested_at < finished_at
  union all select 'from a crash of PostgreSQL to the next completion', (
      select min(ended_at) from attempts where outcome = 'COMPLETED' and ended_at > c."upAt") - c.at from soak.crashes c
  union all select 'from PostgreSQL''s answering again to the next completion', (
      select min(ended_at) from attempts where outcome = 'COMPLETED' and ended_at > c."upAt") - c."upAt" from soak.crashes c
  union all select 'from space on the disk to the next completion', (
      select min(ended_at) from attempts where outcome = 'COMPLETED' and ended_at > d."upAt") - d."upAt" from soak.full_disks d)
select what, count(*)::int as n, round(extract(epoch from percentile_disc(0.5) within group (order by span)) * 1000)::int as p50,
  round(extract(epoch from percentile_disc(0.99) within group (order by span)) * 1000)::int as p99,
  round(extract(epoch from max(span)) * 1000)::int as max
from took where span is not null group by what order by what;
