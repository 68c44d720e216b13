import { type SQL, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";

/** Tells open screens, once the transaction commits, what to read again. */
export async function notifyChange(
  tx: Db,
  topic: "projects" | "graphs" | "workers" | "schedules",
): Promise<void> {
  await tx.execute(sql`select pg_notify(${channels.changes}, ${topic})`);
}

/** More runs than this are announced as "many", so that one transaction sends few notifications. */
export const MANY_RUNS = 20;

/** Notifies of the runs in a relation with a column run_id, within the statement that changes them. */
export function notifyRuns(relation: SQL): SQL {
  const limit = sql.raw(String(MANY_RUNS));
  return sql`
    select pg_notify(${channels.changes}, unnest(case when count(*) > ${limit} then '{*}' else array_agg(run_id::text) end))
    from (select distinct run_id from ${relation} limit ${limit} + 1) n`;
}

/** Besides open screens, wakes the loops that fire schedules: the time they sleep until may be another one now. */
export async function notifyScheduleChange(tx: Db): Promise<void> {
  await tx.execute(
    sql`select pg_notify(${channels.schedules}, ''), pg_notify(${channels.changes}, 'schedules')`,
  );
}

/** Tells workers, once the transaction commits, that something may have become claimable. */
export async function notifyQueue(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_notify(${channels.queue}, '')`);
}
