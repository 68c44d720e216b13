import { v7 as uuidv7 } from "uuid";
import type { Db } from "@/lib/db/database";
import { listSchedules } from "@/lib/db/queries/schedules";
import { backfills } from "@/lib/db/schema/schedules";
import { EngineError } from "@/lib/domain/errors";
import { type ScheduleFieldsInput, scheduleFieldsSchema } from "@/lib/domain/schedule-inputs";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { createSchedule } from "@/lib/engine/create-schedule";
import { createDrawnGraph, createProject, PERSON } from "./factories";

type Given = {
  graphId?: string;
  /** What differs from a schedule that fires once a year, so that it is due when the test says so and not by itself. */
  fields?: Partial<Extract<ScheduleFieldsInput, { kind: "cron" }>>;
};

/** A cron schedule, of a new graph with one task unless told otherwise; returns its id and its graph's. */
export async function addSchedule(
  db: Db,
  given: Given = {},
): Promise<{ scheduleId: string; graphId: string }> {
  const graphId = given.graphId ?? (await addGraph(db));
  const schedule = makeScheduleFields(given.fields);
  const { scheduleId } = await createSchedule(db, { graphId, schedule, actor: PERSON });
  return { scheduleId, graphId };
}

async function addGraph(db: Db): Promise<string> {
  const projectId = await createProject(db);
  const { graphId } = await createDrawnGraph(db, { projectId, tasks: { a: [] } });
  return graphId;
}

/** Every field of a schedule that fires once a year. */
export function makeScheduleFields(fields: Given["fields"] = {}) {
  return scheduleFieldsSchema.parse({
    kind: "cron",
    name: "Yearly",
    expression: "0 0 1 1 *",
    timeZone: "UTC",
    ...fields,
  });
}

/** What the list shows of a schedule. */
export async function readSchedule(db: Db, scheduleId: string): Promise<ScheduleView> {
  const [schedule] = await listSchedules(db, { scheduleId });
  if (!schedule) throw new EngineError("not_found", `There is no schedule ${scheduleId}.`);
  return schedule;
}

/** A back-fill of one fire time of the year 2026 that is under way, written past the engine. */
export async function insertBackfill(db: Db, scheduleId: string): Promise<{ backfillId: string }> {
  const backfillId = uuidv7();
  const [fromAt, toAt] = [new Date("2026-01-01T00:00Z"), new Date("2026-01-01T00:01Z")];
  await db.insert(backfills).values({
    id: backfillId,
    scheduleId,
    fromAt,
    toAt,
    fireTimes: [fromAt],
    createdBy: PERSON.id,
  });
  return { backfillId };
}
