import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";

/** The database's time, as a column. */
export const clock = sql<Date>`clock_timestamp()`.mapWith(executions.createdAt);

/** The database's time, for screens to count down from. */
export async function readClock(db: Db): Promise<string> {
  const [row] = await db.execute<{ now: string }>(sql`select clock_timestamp() as now`);
  if (!row) throw new Error("The database did not tell the time.");
  return iso(new Date(row.now));
}

/** A time as it travels. */
export function iso(at: Date): string;
export function iso(at: Date | null): string | null;
export function iso(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
