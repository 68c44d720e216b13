import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { schedules } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import { notFound } from "./not-found";
import { notifyScheduleChange } from "./notify-change";
import { transact } from "./transaction";

/** Deletes a schedule and ends its back-fills. Runs that it started stay, and keep their fire times. */
export async function deleteSchedule(
  db: Db,
  { scheduleId }: { scheduleId: string; actor: Actor },
): Promise<Record<string, never>> {
  return transact(db, async (tx) => {
    const deleted = await tx
      .delete(schedules)
      .where(eq(schedules.id, scheduleId))
      .returning({ id: schedules.id });
    if (deleted.length === 0) throw notFound("schedule", scheduleId);
    await notifyScheduleChange(tx);
    return {};
  });
}
