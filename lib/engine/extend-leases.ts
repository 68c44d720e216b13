import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { asRecordset } from "./transaction";

/** What the heartbeat tells a worker about one attempt it believes to hold. */
export type LeaseAnswer = {
  executionId: string;
  leaseToken: string;
  /** `lost`: the token no longer holds; the work must stop and nothing may be written. */
  state: "held" | "lost";
  cancelRequested: boolean;
  cancelForce: boolean;
};

/**
 * A worker's heartbeat: proves that it lives, extends the leases of the attempts it names, and brings back which are lost
 * and which are to be cancelled. A row that somebody has locked at this moment is passed over, never waited for; its lease
 * still has several heartbeats to go.
 */
export async function extendLeases(
  db: Db,
  input: {
    workerId: string;
    leases: readonly { executionId: string; leaseToken: string }[];
    leaseSeconds: number;
  },
): Promise<LeaseAnswer[]> {
  const { workerId, leases, leaseSeconds } = input;
  const named = asRecordset(leases.map((l) => ({ id: l.executionId, token: l.leaseToken })));
  const rows = await db.execute<{
    id: string;
    token: string;
    held: boolean;
    cancel_requested: boolean | null;
    cancel_force: boolean | null;
  }>(sql`
    with named as materialized (select * from jsonb_to_recordset(${named}) as n (id uuid, token uuid)),
    alive as (
      update workers set heartbeat_at = clock_timestamp() where id = ${workerId} and stopped_at is null
    ),
    free as materialized (
      select e.id from executions e join named n on n.id = e.id and n.token = e.lease_token
      order by e.id for no key update of e skip locked
    ),
    extended as (
      update executions e set lease_expires_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      from free where e.id = free.id
    )
    select n.id, n.token, e.id is not null as held, e.cancel_requested_at is not null as cancel_requested, e.cancel_force
    from named n left join executions e on e.id = n.id and e.lease_token = n.token`);
  return rows.map((row) => ({
    executionId: row.id,
    leaseToken: row.token,
    state: row.held ? "held" : "lost",
    cancelRequested: row.cancel_requested ?? false,
    cancelForce: row.cancel_force ?? false,
  }));
}
