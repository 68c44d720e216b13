-- What must never be, beyond the invariants: compares the product's rows with what the soak asked for (soak.accepted,
-- soak.cancelled, soak.lost_commits) and with what the commands themselves noted (soak.ledger). To be asked once no worker
-- runs any more. $1: whether everything has come to rest. One row per violated rule: its words, how many violate it, up to
-- five ids.
with final(s) as (values ('COMPLETED'), ('FAILED'), ('CANCELLED'), ('TIMEOUT')),
-- A worker that does not run, because it is stopped or the machine is too busy, cannot end its commands; then it needs a
-- moment.
asleep as (
  select "workerId" as worker_id, "from", "to" + interval '1.5 s' as "to" from (table soak.stops union all table soak.stalls) s),
line as (
  select l.place, l.kind, l."executionId" as execution_id, l.attempt, l.at, a.worker_id, a.ended_at, a.outcome,
    exists (select 1 from asleep s where s.worker_id = a.worker_id and l.at between s."from" and s."to") as is_asleep
  from soak.ledger l left join attempts a on a.execution_id = l."executionId" and a.attempt = l.attempt),
v(rule, id) as (
  select 'an accepted execution is lost', a."executionId"::text from soak.accepted a
    left join executions e on e.id = a."executionId" where e.id is null or ($1::boolean and e.status::text not in (select s from final))
  union all select 'a run exists that nobody was told of', r.id::text from runs r
    where r.id not in (select "runId" from soak.accepted)
  union all select 'a result is recorded twice', execution_id::text from execution_events
    where to_status = 'COMPLETED' group by execution_id having count(*) > 1
  union all select 'a command began before one it waits for had ended', d.execution_id::text from execution_dependencies d
    join executions p on p.id = d.depends_on_id
    join line c on c.execution_id = d.execution_id and c.kind = 's'
    left join line e on e.execution_id = p.id and e.attempt = p.result_attempt and e.kind = 'e'
    where e.place is null or c.place < e.place
  union all select 'a result is recorded of a command that never ended', a.execution_id::text from attempts a
    where a.outcome = 'COMPLETED' and not exists (
      select 1 from line l where l.execution_id = a.execution_id and l.attempt = a.attempt and l.kind = 'e')
  union all select 'a result is that of another attempt', e.id::text from executions e
    where e.status = 'COMPLETED' and (e.result->'outputs'->>'by') is distinct from e.result_attempt::text
  union all select 'a worker reported what another one held', e.execution_id::text from execution_events e
    join attempts a on a.execution_id = e.execution_id and a.attempt = e.attempt
    where e.from_status in ('PREPARING', 'RUNNING') and e.actor_type = 'worker' and e.actor_id <> a.worker_id::text
  union all select 'a command ran without an attempt', execution_id::text from line where worker_id is null
  union all select 'a command began after its attempt had ended', execution_id::text from line
    where kind = 's' and at > ended_at + interval '1 s' and not is_asleep
  union all select 'a command still ran when the next attempt had begun', l.execution_id::text from line l
    join line n on n.execution_id = l.execution_id and n.attempt > l.attempt and n.kind = 's' and n.place < l.place
    where not l.is_asleep
  union all select 'a second attempt was made after a lost COMMIT answer', a.execution_id::text from soak.lost_commits c
    join attempts a on a.execution_id = c.id and a.worker_id = c."workerId" and a.outcome = 'COMPLETED'
    where exists (select 1 from attempts n where n.execution_id = a.execution_id and n.attempt > a.attempt)
  union all select 'a worker was told that what it had recorded was lost', r."executionId"::text from soak.refused r
    join execution_events e on e.execution_id = r."executionId" and e.attempt = r.attempt and e.from_status in ('PREPARING', 'RUNNING')
      and e.to_status <> 'RUNNING' and e.actor_type = 'worker' and e.actor_id = r."workerId"::text
  union all select 'a process survived ' || what, "executionId"::text from soak.survivors s
    where not exists (select 1 from asleep a where a.worker_id = s."workerId" and s.at between a."from" and a."to" + interval '2 s')
  union all select 'an accepted cancel came to nothing', c."executionId"::text from soak.cancelled c
    where $1::boolean and not exists (
      select 1 from execution_events e where e.execution_id = c."executionId" and e.to_status = 'CANCELLED')
  union all select 'work did not go on within 10 s after PostgreSQL answered again', c."upAt"::text from soak.crashes c
    where not c."isBusy" and exists (select 1 from executions e where e.created_at < c."upAt" and e.finished_at > c."upAt" + interval '10 s')
      and not exists (select 1 from attempts a where a.outcome = 'COMPLETED' and a.ended_at between c."upAt" and c."upAt" + interval '10 s')
  union all select 'something changed after a cancel', execution_id::text from (
    select execution_id, to_status, lead(reason) over w as next_reason, lead(to_status) over w as next_status
    from execution_events window w as (partition by execution_id order by event_id)) e
    where to_status = 'CANCELLED' and next_status is not null and next_reason is distinct from 'manual_retry'
  union all select 'a command began after it was cancelled', l.execution_id::text from line l
    join execution_events e on e.execution_id = l.execution_id and e.attempt = l.attempt and e.to_status = 'CANCELLED'
    where l.kind = 's' and l.at > e.at + interval '100 ms' and not l.is_asleep
)
select rule, count(distinct id)::int as count, to_jsonb((array_agg(distinct id))[1:5]) as sample from v group by rule order by rule;
