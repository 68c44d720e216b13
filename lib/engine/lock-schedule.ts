import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { schedules } from "@/lib/db/schema/schedules";
import { notFound } from "./not-found";

export type Schedule = typeof schedules.$inferSelect;

/**
 * Locks a schedule; throws an EngineError `not_found` when there is none. The lock does not keep others from adding runs
 * that refer to it.
 */
export async function lockSchedule(tx: Db, scheduleId: string): Promise<Schedule> {
  const [schedule] = await tx
    .select()
    .from(schedules)
    .where(eq(schedules.id, scheduleId))
    .for("no key update");
  if (!schedule) throw notFound("schedule", scheduleId);
  return schedule;
}
