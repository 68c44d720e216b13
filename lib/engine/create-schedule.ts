import { count, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { toScheduleRow } from "@/lib/db/schedule-row";
import { graphs } from "@/lib/db/schema/projects";
import { schedules } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { MAX_SCHEDULES_PER_GRAPH } from "@/lib/domain/limits";
import { nextFireTime } from "@/lib/domain/schedule";
import type { createScheduleSchema } from "@/lib/domain/schedule-inputs";
import { notFound } from "./not-found";
import { notifyScheduleChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { requireTimeToCome } from "./require-time-to-come";
import { transact } from "./transaction";

type Input = z.output<typeof createScheduleSchema> & { actor: Actor };

/** Adds a schedule to a graph. Its first fire time is the first one that is still to come. */
export async function createSchedule(
  db: Db,
  { graphId, schedule, actor }: Input,
): Promise<{ scheduleId: string }> {
  return refuseTaken({ schedules_graph_id_name_key: nameTaken(schedule.name) }, () =>
    transact(db, async (tx) => {
      await lockGraph(tx, graphId);
      const now = await requireTimeToCome(tx, schedule);
      const scheduleId = uuidv7();
      await tx.insert(schedules).values({
        id: scheduleId,
        graphId,
        ...toScheduleRow(schedule),
        nextFireAt: schedule.enabled ? nextFireTime(schedule, now) : null,
        createdBy: actor.id,
      });
      await notifyScheduleChange(tx);
      return { scheduleId };
    }),
  );
}

/** What is said when another schedule of the graph has the name. */
export function nameTaken(name: string): string {
  return `The graph already has a schedule named "${name}"; choose another name.`;
}

/** Makes those who add schedules to a graph follow each other, so that the limit holds. */
async function lockGraph(tx: Db, graphId: string): Promise<void> {
  const found = await tx
    .select({ id: graphs.id })
    .from(graphs)
    .where(eq(graphs.id, graphId))
    .for("no key update");
  if (found.length === 0) throw notFound("graph", graphId);
  const [row] = await tx
    .select({ present: count() })
    .from(schedules)
    .where(eq(schedules.graphId, graphId));
  if ((row?.present ?? 0) < MAX_SCHEDULES_PER_GRAPH) return;
  throw new EngineError(
    "conflict",
    `The graph already has ${MAX_SCHEDULES_PER_GRAPH} schedules; delete one that is not needed.`,
  );
}
