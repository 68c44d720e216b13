import { eq, sql } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { readClock } from "@/lib/db/queries/clock";
import { timingOf } from "@/lib/db/schedule-row";
import { schedules } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import { nextFireTime } from "@/lib/domain/schedule";
import type { enableScheduleSchema } from "@/lib/domain/schedule-inputs";
import { lockSchedule } from "./lock-schedule";
import { notifyScheduleChange } from "./notify-change";
import { transact } from "./transaction";

type Input = z.output<typeof enableScheduleSchema> & { actor: Actor };

/** Switches a schedule on or off. Fire times that pass while it is off are not missed: nobody wanted them. */
export async function enableSchedule(
  db: Db,
  { scheduleId, enabled }: Input,
): Promise<{ enabled: boolean; nextFireAt: string | null }> {
  return transact(db, async (tx) => {
    const schedule = await lockSchedule(tx, scheduleId);
    if (schedule.enabled === enabled)
      return { enabled, nextFireAt: schedule.nextFireAt?.toISOString() ?? null };
    const now = new Date(await readClock(tx));
    const nextFireAt = enabled ? nextFireTime(timingOf(schedule), now) : null;
    await tx
      .update(schedules)
      .set({ enabled, nextFireAt, version: schedule.version + 1, updatedAt: sql`now()` })
      .where(eq(schedules.id, scheduleId));
    await notifyScheduleChange(tx);
    return { enabled, nextFireAt: nextFireAt?.toISOString() ?? null };
  });
}
