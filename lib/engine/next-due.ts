import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";

/**
 * Milliseconds until the next waiting execution becomes due, 0 when one is due already, null when none waits. One probe
 * of executions_claim_idx for each priority, whatever the number of rows.
 */
export async function nextDueInMs(db: Db): Promise<number | null> {
  const [row] = await db.execute<{ ms: number | null }>(sql`
    select (extract(epoch from min(o.due_at) - clock_timestamp()) * 1000)::float8 as ms
    from (values (0), (1), (2), (3)) p (priority) cross join lateral (
      select due_at from executions
      where status in ('SCHEDULED', 'RETRYING') and priority = p.priority
      order by due_at limit 1) o`);
  return row?.ms == null ? null : Math.max(0, row.ms);
}
