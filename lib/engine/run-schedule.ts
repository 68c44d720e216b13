import { eq } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { readClock } from "@/lib/db/queries/clock";
import { fromRank } from "@/lib/db/schedule-row";
import { schedules } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import type { runScheduleSchema } from "@/lib/domain/schedule-inputs";
import type { CreatedRun } from "./create-run";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { runGraph } from "./run-graph";
import { transact } from "./transaction";

type Input = z.output<typeof runScheduleSchema> & { actor: Actor };

/** Starts the run of a schedule now, because a person asks: whatever it says of overlaps, and also while it is off. */
export async function runSchedule(
  db: Db,
  { scheduleId, idempotencyKey, actor }: Input,
): Promise<CreatedRun> {
  return transact(db, async (tx) => {
    const [schedule] = await tx.select().from(schedules).where(eq(schedules.id, scheduleId));
    if (!schedule) throw notFound("schedule", scheduleId);
    const { graphId, timeZone } = schedule;
    const run = await runGraph(tx, {
      graphId,
      priority: fromRank(schedule.priority),
      fire: { scheduleId, fireAt: new Date(await readClock(tx)), timeZone },
      request: { scheduleId },
      ...(idempotencyKey && { idempotencyKey }),
      actor,
    });
    await notifyChange(tx, "schedules");
    return run;
  });
}
