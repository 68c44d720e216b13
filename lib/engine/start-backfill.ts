import { v7 as uuidv7 } from "uuid";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { planBackfill } from "@/lib/db/queries/backfills";
import { toRank } from "@/lib/db/schedule-row";
import { backfills } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { startBackfillSchema } from "@/lib/domain/schedule-inputs";
import { lockSchedule } from "./lock-schedule";
import { notFound } from "./not-found";
import { notifyScheduleChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { transact } from "./transaction";

type Input = z.output<typeof startBackfillSchema> & { actor: Actor };

/**
 * Starts to run the fire times of a range that have passed and have no run yet, in order. What they are is fixed here; the
 * workers' loops create the runs. Refused when there are none, and while another back-fill of the schedule is under way.
 */
export async function startBackfill(
  db: Db,
  input: Input,
): Promise<{ backfillId: string; total: number }> {
  const { scheduleId, from, to, maxActiveRuns, priority, actor } = input;
  const taken =
    "A back-fill of this schedule is under way already; wait for its end, or cancel it first.";
  return refuseTaken({ backfills_running_key: taken }, () =>
    transact(db, async (tx) => {
      // The loop cannot fire the schedule between the plan and its commit.
      await lockSchedule(tx, scheduleId);
      const plan = await planBackfill(tx, { scheduleId, from, to });
      if (!plan) throw notFound("schedule", scheduleId);
      const { fireTimes } = plan;
      if (fireTimes.length === 0)
        throw new EngineError(
          "empty",
          "There is nothing to run: no fire time of this range has passed without a run.",
        );
      const backfillId = uuidv7();
      await tx.insert(backfills).values({
        id: backfillId,
        scheduleId,
        fromAt: from,
        toAt: to,
        fireTimes,
        maxActiveRuns,
        priority: toRank(priority),
        createdBy: actor.id,
      });
      await notifyScheduleChange(tx);
      return { backfillId, total: fireTimes.length };
    }),
  );
}
