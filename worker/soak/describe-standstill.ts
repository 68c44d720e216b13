import type postgres from "postgres";

/** What has not come to its end and what might be in its way, as lines for whoever looks for the cause. */
export async function describeStandstill(sql: postgres.Sql): Promise<string> {
  const waiting = await sql<{ line: string }[]>`
    select concat_ws(' ', count(*), e.status, 'in pool', coalesce(p.name, 'none'), e.pool_key, 'of', p.slots,
      'due', to_char(min(e.due_at), 'HH24:MI:SS'), 'leased until', to_char(min(e.lease_expires_at), 'HH24:MI:SS')) as line
    from executions e left join pools p on p.id = e.pool_id where e.finished_at is null
    group by e.status, p.name, e.pool_key, p.slots order by count(*) desc limit 40`;
  const held = await sql<{ line: string }[]>`
    select concat_ws(' ', 'held:', e.id, e.status, e.workflow_params #>> '{command,2}', 'attempt', e.attempt,
      'of worker', e.worker_id, 'claimed', to_char(a.claimed_at, 'HH24:MI:SS'), 'started', to_char(a.started_at, 'HH24:MI:SS'),
      'cancel asked', to_char(e.cancel_requested_at, 'HH24:MI:SS'), 'deadline', to_char(e.deadline_at, 'HH24:MI:SS')) as line
    from executions e join attempts a on a.execution_id = e.id and a.attempt = e.attempt
    where e.lease_token is not null order by a.claimed_at limit 20`;
  const breakers = await sql<{ line: string }[]>`
    select concat_ws(' ', 'breaker of', engine, 'open since', opened_at, 'half-open at', half_open_at) as line from circuit_breakers`;
  const sessions = await sql<{ line: string }[]>`
    select concat_ws(' ', application_name, pid, state, wait_event_type, wait_event, 'for', date_trunc('second', now() - xact_start),
      'blocked by', pg_blocking_pids(pid), left(regexp_replace(query, '\\s+', ' ', 'g'), 150)) as line
    from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid() order by xact_start limit 40`;
  return [...waiting, ...held, ...breakers, ...sessions].map(({ line }) => line).join("\n");
}
