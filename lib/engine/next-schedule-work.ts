import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";

export type ScheduleWork = {
  /** Milliseconds until the next fire time of any schedule, 0 when one has come, null when none follows. */
  fireInMs: number | null;
  hasBackfill: boolean;
};

/** What the loops that fire schedules have to do, in one light question: one probe of an index each. */
export async function nextScheduleWork(db: Db): Promise<ScheduleWork> {
  const [row] = await db.execute<{ ms: number | null; backfill: boolean }>(sql`${prepared}
    select (extract(epoch from min(next_fire_at) - clock_timestamp()) * 1000)::float8 as ms,
      exists (select from backfills where status = 'RUNNING') as backfill
    from schedules where next_fire_at is not null`);
  return {
    fireInMs: row?.ms == null ? null : Math.max(0, row.ms),
    hasBackfill: row?.backfill ?? false,
  };
}
