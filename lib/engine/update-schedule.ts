import { isDeepStrictEqual } from "node:util";
import { eq, sql } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { timingOf, toScheduleRow } from "@/lib/db/schedule-row";
import { schedules } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { nextFireTime } from "@/lib/domain/schedule";
import type { updateScheduleSchema } from "@/lib/domain/schedule-inputs";
import { nameTaken } from "./create-schedule";
import { lockSchedule, type Schedule } from "./lock-schedule";
import { notifyScheduleChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { requireTimeToCome } from "./require-time-to-come";
import { transact } from "./transaction";

type Input = z.output<typeof updateScheduleSchema> & { actor: Actor };

/**
 * Changes a schedule. Refused when somebody changed it after the version that the change was made from. A new timing counts
 * from now on: fire times before it are not caught up.
 */
export async function updateSchedule(
  db: Db,
  { scheduleId, version, schedule }: Input,
): Promise<{ scheduleId: string; version: number }> {
  return refuseTaken({ schedules_graph_id_name_key: nameTaken(schedule.name) }, () =>
    transact(db, async (tx) => {
      const stored = await lockSchedule(tx, scheduleId);
      if (stored.version !== version) throw outdated(stored);
      const row = toScheduleRow(schedule);
      const hasSameTimes =
        stored.enabled === row.enabled &&
        isDeepStrictEqual(timingOf(stored), timingOf({ ...row, id: scheduleId }));
      const nextFireAt = hasSameTimes ? stored.nextFireAt : await firstFireTime(tx, schedule);
      await tx
        .update(schedules)
        .set({ ...row, nextFireAt, error: null, version: version + 1, updatedAt: sql`now()` })
        .where(eq(schedules.id, scheduleId));
      await notifyScheduleChange(tx);
      return { scheduleId, version: version + 1 };
    }),
  );
}

async function firstFireTime(tx: Db, schedule: Input["schedule"]): Promise<Date | null> {
  const now = await requireTimeToCome(tx, schedule);
  return schedule.enabled ? nextFireTime(schedule, now) : null;
}

function outdated(stored: Schedule): EngineError {
  const at = stored.updatedAt.toISOString();
  return new EngineError(
    "version_conflict",
    `The schedule "${stored.name}" was changed meanwhile, at ${at}. Close the form, look at it and make your change again.`,
  );
}
