import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { AttemptRef } from "./reported-attempts";
import { asRecordset } from "./transaction";

/** What the heartbeat tells a worker about one attempt it believes to hold. */
type LeaseAnswer = {
  executionId: string;
  leaseToken: string;
  /** `lost`: the token no longer holds; the work must stop and nothing may be written. */
  state: "held" | "lost";
  cancelRequested: boolean;
  cancelForce: boolean;
};

type HeartbeatAnswer = {
  /** One for each lease that was named. */
  leases: LeaseAnswer[];
  /**
   * What is held in the worker's name and was not named, for longer than an answer to a claim is on its way when all is
   * well. Their leases are not extended.
   */
  strays: AttemptRef[];
  /** How many other workers have been heard of within the duration of a lease. */
  others: number;
};

/** A claim that began its leases more recently is probably just being answered. */
const STRAY_AFTER_SECONDS = 0.5;

/**
 * A worker's heartbeat: proves that it lives, extends the leases of the attempts it names, and brings back which are lost,
 * which are to be cancelled and which it does not seem to know of. A row that somebody has locked at this moment is passed
 * over, never waited for; its lease still has several heartbeats to go.
 */
export async function extendLeases(
  db: Db,
  input: {
    workerId: string;
    leases: readonly { executionId: string; leaseToken: string }[];
    leaseSeconds: number;
  },
): Promise<HeartbeatAnswer> {
  const { workerId, leases, leaseSeconds } = input;
  const named = asRecordset(leases.map((l) => ({ id: l.executionId, token: l.leaseToken })));
  const rows = await db.execute<Row>(sql`${prepared}
    with named as materialized (select * from jsonb_to_recordset(${named}) as n (id uuid, token uuid)),
    alive as (
      update workers set heartbeat_at = clock_timestamp() where id = ${workerId} and stopped_at is null
    ),
    mine as materialized (
      select id, run_id, attempt, lease_token as token, lease_expires_at from executions
      where worker_id = ${workerId} and lease_token is not null
      order by id for no key update skip locked
    ),
    extended as (
      update executions e set lease_expires_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}::float8)
      from mine where e.id = mine.id and (mine.id, mine.token) in (select id, token from named)
      returning e.id, e.lease_token as token, e.cancel_requested_at is not null as cancel_requested, e.cancel_force
    ),
    -- Lost, or locked by somebody.
    others as materialized (select id, token from named except all select id, token from extended),
    answers as (
      select id, token, true as held, cancel_requested, cancel_force, null::uuid as run_id, null::int as attempt from extended
      union all
      select o.id, o.token, e.id is not null, e.cancel_requested_at is not null, e.cancel_force, null, null
      from others o left join executions e on e.id = o.id and e.lease_token = o.token
      union all
      select id, token, true, null, null, run_id, attempt from mine
      where (id, token) not in (select id, token from named)
        and lease_expires_at < clock_timestamp() + make_interval(secs => ${leaseSeconds - STRAY_AFTER_SECONDS}::float8)
    )
    select company.*, answers.* from (
      select count(*)::int as others from workers where id <> ${workerId} and stopped_at is null
        and heartbeat_at > now() - make_interval(secs => ${leaseSeconds}::float8)
    ) company left join answers on true`);
  const answers: AnswerRow[] = rows.flatMap((row) => (row.id === null ? [] : [row]));
  return {
    leases: answers.filter((row) => !isStray(row)).map(toLease),
    strays: answers.filter(isStray).map(toRef),
    others: rows[0]?.others ?? 0,
  };
}

type Row = { others: number } & (AnswerRow | { id: null });

type AnswerRow = {
  id: string;
  token: string;
  held: boolean;
  cancel_requested: boolean | null;
  cancel_force: boolean | null;
} & ({ run_id: null; attempt: null } | { run_id: string; attempt: number });

type StrayRow = AnswerRow & { run_id: string };

function isStray(row: AnswerRow): row is StrayRow {
  return row.run_id !== null;
}

function toLease(row: AnswerRow): LeaseAnswer {
  return {
    executionId: row.id,
    leaseToken: row.token,
    state: row.held ? "held" : "lost",
    cancelRequested: row.cancel_requested ?? false,
    cancelForce: row.cancel_force ?? false,
  };
}

function toRef(row: StrayRow): AttemptRef {
  const { id: executionId, run_id: runId, attempt, token: leaseToken } = row;
  return { executionId, runId, attempt, leaseToken, isProbe: false };
}
