import { sql } from "drizzle-orm";
import { compileStatement } from "@/lib/db/compile-statement";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { Actor } from "@/lib/domain/actor";
import { notifyRuns } from "./notify-change";
import {
  type ReportedAttempt,
  type ReportValues,
  reportedRows,
  reportValues,
} from "./reported-attempts";

export type StartedAttempt = ReportedAttempt & { startedMsAgo: number };

/**
 * Records that commands have started: PREPARING becomes RUNNING. One statement, guarded by the leases' tokens; returns the
 * ids of the executions it changed. It passes over an attempt that is RUNNING already or whose token no longer holds. Its
 * joins are written as `hotSettings` asks.
 */
export async function startAttempts(
  db: Db,
  input: { attempts: readonly StartedAttempt[]; actor: Actor },
): Promise<Set<string>> {
  const { attempts, actor } = input;
  if (attempts.length === 0) return new Set();
  const rows = await db.execute<{ id: string }>(
    startStatement({ ...reportValues(attempts), actorType: actor.type, actorId: actor.id }),
  );
  return new Set(rows.map(({ id }) => id));
}

type Values = keyof ReportValues | "actorType" | "actorId";

const startStatement = compileStatement<Values>(
  (value) => sql`${prepared}
    with report as materialized (
      ${reportedRows(value)}
    ),
    run as materialized (
      select id from runs where id = any(array(select run from report)) order by id for no key update
    ),
    clock as materialized (select clock_timestamp() as at where array(select id from run) is not null),
    started as (
      update executions e set status = 'RUNNING'
      from report r, clock
      where e.id between r.id and r.id and e.lease_token is not distinct from r.token and e.status = 'PREPARING'
      returning e.id, e.run_id, e.attempt, r.started_ms_ago
    ),
    opened as (
      update attempts a set started_at = greatest(a.claimed_at, clock.at - make_interval(secs => s.started_ms_ago / 1000))
      from started s, clock
      where a.execution_id between s.id and s.id and a.attempt = s.attempt
      returning a.execution_id, a.attempt, a.started_at
    ),
    events as (
      insert into execution_events (execution_id, from_status, to_status, at, attempt, actor_type, actor_id)
      select execution_id, 'PREPARING', 'RUNNING', started_at, attempt, ${value("actorType")}, ${value("actorId")} from opened
    ),
    -- Only a run's first start changes the run.
    runs_started as (
      update runs r set started_at = clock.at, status = case when r.paused_at is null then 'RUNNING' else r.status end
      from (select distinct run_id from started) s, clock where r.id between s.run_id and s.run_id and r.started_at is null
    ),
    notified as (${notifyRuns(sql`started`)})
    select id, (select count(*) from notified) as notified from started`,
);
