import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { type BreakerState, breakerStates } from "@/lib/domain/circuit-breaker";
import { type Priority, priorities } from "@/lib/domain/priority";
import { defaultAliveWithin } from "./alive";
import { listBreakers } from "./breakers";
import { activeRunStatuses } from "./newest-executions";
import { tallyOpen } from "./tally";

/** Larger numbers are shown as this one, so that asking never costs more than reading so many entries of an index. */
export const MAX_COUNTED = 100_000;
/** How many of the next to be claimed are looked at for the oldest. */
const MAX_OLDEST = 1000;

/** `missing`: not heard of for longer than a lease, and for less than a day. */
export const workerStates = ["alive", "draining", "missing"] as const;

type WorkerState = (typeof workerStates)[number];

/** What operators watch, as it stands now. */
export type SystemMetrics = {
  executions: { status: string; count: number }[];
  runs: { status: string; count: number }[];
  queue: { priority: Priority; count: number; oldestSeconds: number }[];
  workers: { state: WorkerState; count: number; slots: number; slotsUsed: number }[];
  expiredLeases: number;
  breakers: { state: BreakerState; count: number }[];
};

/** Reads the metrics of the whole system. Each number comes from a part of an index, whatever the tables hold besides. */
export async function readSystemMetrics(
  db: Db,
  { aliveWithinSeconds = defaultAliveWithin() }: { aliveWithinSeconds?: number } = {},
): Promise<SystemMetrics> {
  return db.transaction(async (tx) => {
    // The planner prefers a whole table where its statistics are old or a status seems common.
    await tx.execute(sql`set local enable_seqscan = off`);
    const executions = await tallyOpen(tx);
    // By runs_status_idx.
    const runs = await tx.execute<SystemMetrics["runs"][number]>(countRuns(activeRunStatuses));
    const queue = await tx.execute<SystemMetrics["queue"][number]>(queueByPriority());
    const workers = await tx.execute<SystemMetrics["workers"][number]>(
      workersByState(aliveWithinSeconds),
    );
    // By executions_held_idx.
    const [expired] = await tx.execute<{ count: number }>(sql`
      select count(*)::int as count from executions
      where lease_token is not null and lease_expires_at < clock_timestamp()`);
    const breakers = await listBreakers(tx, { aliveWithinSeconds });
    return {
      executions,
      runs: [...runs],
      queue: [...queue],
      workers: [...workers],
      expiredLeases: expired?.count ?? 0,
      breakers: breakerStates.map((state) => ({
        state,
        count: breakers.filter((breaker) => breaker.state === state).length,
      })),
    };
  });
}

const most = sql.raw(String(MAX_COUNTED));

/** A part for each status, since the planner knows how rare a status is only where it stands in the statement. */
function countRuns(statuses: readonly string[]): SQL {
  const parts = statuses.map(
    (status) => sql`
      select ${sql.raw(`'${status}'`)} as status, count(*)::int as count from (
        select from runs where status = ${sql.raw(`'${status}'`)} limit ${most}) c`,
  );
  return sql.join(parts, sql` union all `);
}

/** One range of executions_claim_idx and one of executions_pool_queue_idx for each priority. */
function queueByPriority(): SQL {
  const due = (rank: number, pooled: SQL) => sql`
    select due_at, ready_at from executions
    where status in ('SCHEDULED', 'RETRYING') and ${pooled} and priority = ${sql.raw(String(rank))} and due_at <= now()`;
  const ready = (rank: number) => sql`
    from (${due(rank, sql`pool_id is null`)}
      union all ${due(rank, sql`pool_id is not null and lease_token is null`)}) ready`;
  const parts = priorities.map(
    (priority, rank) => sql`
      select ${sql.raw(`'${priority}'`)} as priority,
        (select count(*)::int from (select ${ready(rank)} limit ${most}) c) as count,
        (select coalesce(max(extract(epoch from now() - greatest(due_at, ready_at))), 0)::float8 from (
          select due_at, ready_at ${ready(rank)} order by due_at limit ${sql.raw(String(MAX_OLDEST))}) o) as "oldestSeconds"`,
  );
  return sql.join(parts, sql` union all `);
}

/** Workers that were heard of within a day and have not said goodbye; by workers_heartbeat_at_idx and executions_held_idx. */
function workersByState(aliveWithinSeconds: number): SQL {
  return sql`
    select state, count(*)::int as count, sum(slots)::int as slots, sum(used)::int as "slotsUsed" from (
      select w.max_concurrent_executions as slots, held.used, case
        when w.heartbeat_at <= now() - make_interval(secs => ${aliveWithinSeconds}) then 'missing'
        when w.draining_at is not null then 'draining' else 'alive' end as state
      from workers w cross join lateral (
        select count(*) as used from executions e where e.worker_id = w.id and e.lease_token is not null) held
      where w.stopped_at is null and w.heartbeat_at > now() - interval '1 day'
    ) w group by state`;
}
