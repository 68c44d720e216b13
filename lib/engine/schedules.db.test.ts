import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { channels } from "@/lib/db/channels";
import { listRuns } from "@/lib/db/queries/runs";
import { listSchedules } from "@/lib/db/queries/schedules";
import { MAX_SCHEDULES_PER_GRAPH } from "@/lib/domain/limits";
import { scheduleFieldsSchema } from "@/lib/domain/schedule-inputs";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject, PERSON } from "@/lib/testing/factories";
import { addSchedule, makeScheduleFields, readSchedule } from "@/lib/testing/schedule-factories";
import { createSchedule } from "./create-schedule";
import { deleteGraph } from "./delete-graph";
import { deleteSchedule } from "./delete-schedule";
import { enableSchedule } from "./enable-schedule";
import { fireSchedule } from "./fire-schedule";
import { nextScheduleWork } from "./next-schedule-work";
import { runSchedule } from "./run-schedule";
import { updateSchedule } from "./update-schedule";

let test: TestDatabase;
let graphId: string;
const actor = PERSON;

beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  const projectId = await createProject(test.db);
  graphId = (await createDrawnGraph(test.db, { projectId, tasks: { a: [] } })).graphId;
});
afterAll(() => test.close());

const inAnHour = () => new Date(Date.now() + 3_600_000);
const once = (onceAt: Date) =>
  scheduleFieldsSchema.parse({ kind: "once", name: "Once", onceAt: onceAt.toISOString() });

describe("a new schedule", () => {
  it("waits for the first fire time to come", async () => {
    const fields = { expression: "* * * * *" };
    const { scheduleId } = await addSchedule(test.db, { graphId, fields });

    const { nextFireAt, createdAt, latestRun, lastFire } = await readSchedule(test.db, scheduleId);

    const wait = Date.parse(nextFireAt ?? "") - Date.parse(createdAt);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThan(120_000);
    expect([latestRun, lastFire]).toEqual([null, null]);
    await deleteSchedule(test.db, { scheduleId, actor });
  });

  it("waits for nothing while it is off", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId, fields: { enabled: false } });

    expect(await readSchedule(test.db, scheduleId)).toMatchObject({ nextFireAt: null });
  });

  it("may be for a single time that is to come, and for none that has passed", async () => {
    const onceAt = inAnHour();
    const { scheduleId } = await createSchedule(test.db, {
      graphId,
      schedule: once(onceAt),
      actor,
    });

    expect(await readSchedule(test.db, scheduleId)).toMatchObject({
      kind: "once",
      nextFireAt: onceAt.toISOString(),
    });
    const past = createSchedule(test.db, { graphId, schedule: once(new Date(1e12)), actor });
    await expect(past).rejects.toMatchObject({ details: [{ path: "schedule.onceAt" }] });
  });

  it("needs a name of its own in the graph", async () => {
    await addSchedule(test.db, { graphId });

    await expect(addSchedule(test.db, { graphId })).rejects.toMatchObject({ code: "conflict" });
  });

  it("is refused beyond the limit of a graph, also when two are added at once", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId });
    await test.sql`
      insert into schedules (id, graph_id, name, kind, expression, time_zone, enabled, missed_fires, overlap, created_by)
      select gen_random_uuid(), graph_id, 'n' || n, kind, expression, time_zone, false, missed_fires, overlap, created_by
      from schedules, generate_series(1, ${MAX_SCHEDULES_PER_GRAPH - 2}::int) n where id = ${scheduleId}`;

    const added = await Promise.allSettled(
      ["x", "y"].map((name) => addSchedule(test.db, { graphId, fields: { name } })),
    );

    expect(added.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("wakes the loops", async () => {
    const heard: string[] = [];
    const { unlisten } = await test.sql.listen(channels.schedules, (text) => heard.push(text));

    await addSchedule(test.db, { graphId });
    await test.sql.notify(channels.schedules, "end");

    await expect.poll(() => heard).toEqual(["", "end"]);
    await unlisten();
  });
});

describe("a change of a schedule", () => {
  it("to its times counts from now on", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId });
    await test.sql`
      update schedules set next_fire_at = now() - interval '1 day', error = 'x' where id = ${scheduleId}`;

    const schedule = makeScheduleFields({ expression: "0 0 1 7 *" });
    await updateSchedule(test.db, { scheduleId, version: 1, schedule, actor });

    const changed = await readSchedule(test.db, scheduleId);
    expect(changed).toMatchObject({ expression: "0 0 1 7 *", version: 2, error: null });
    expect(Date.parse(changed.nextFireAt ?? "")).toBeGreaterThan(Date.now());
    expect(await fireSchedule(test.db)).toBeNull();
  });

  it("to anything else leaves a fire that is due where it is", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId });
    await test.sql`update schedules set next_fire_at = '2026-01-01T00:00Z' where id = ${scheduleId}`;

    const schedule = makeScheduleFields({ name: "Other", overlap: "skip" });
    await updateSchedule(test.db, { scheduleId, version: 1, schedule, actor });

    expect(await readSchedule(test.db, scheduleId)).toMatchObject({
      name: "Other",
      nextFireAt: "2026-01-01T00:00:00.000Z",
    });
    await deleteSchedule(test.db, { scheduleId, actor });
  });

  it("is refused when somebody else changed it meanwhile", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId });
    await enableSchedule(test.db, { scheduleId, enabled: false, actor });

    const schedule = makeScheduleFields();
    const change = updateSchedule(test.db, { scheduleId, version: 1, schedule, actor });

    await expect(change).rejects.toMatchObject({ code: "version_conflict" });
  });

  it("of a single time that has fired may keep that time", async () => {
    const fields = once(inAnHour());
    const { scheduleId } = await createSchedule(test.db, { graphId, schedule: fields, actor });
    const past = new Date("2026-01-01T00:00Z");
    await test.sql`
      update schedules set once_at = '2026-01-01T00:00Z', next_fire_at = null where id = ${scheduleId}`;

    const schedule = { ...fields, onceAt: past, name: "Renamed" };
    await updateSchedule(test.db, { scheduleId, version: 1, schedule, actor });

    expect(await readSchedule(test.db, scheduleId)).toMatchObject({
      name: "Renamed",
      nextFireAt: null,
    });
  });
});

describe("a schedule that is switched off and on", () => {
  it("does not catch up what passed meanwhile", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId });
    await test.sql`update schedules set next_fire_at = now() - interval '1 day' where id = ${scheduleId}`;

    await enableSchedule(test.db, { scheduleId, enabled: false, actor });
    expect(await fireSchedule(test.db)).toBeNull();
    const { nextFireAt } = await enableSchedule(test.db, { scheduleId, enabled: true, actor });

    expect(Date.parse(nextFireAt ?? "")).toBeGreaterThan(Date.now() - 1000);
    await deleteSchedule(test.db, { scheduleId, actor });
  });
});

describe("a schedule that a person runs", () => {
  it("starts one run for one request, also while it is off", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId, fields: { enabled: false } });
    const request = { scheduleId, idempotencyKey: "once", actor };

    const [first, second] = await Promise.all([
      runSchedule(test.db, request),
      runSchedule(test.db, request),
    ]);

    expect(second.runId).toBe(first.runId);
    const { items } = await listRuns(test.db, { scheduleId, limit: 10 });
    expect(items).toMatchObject([{ createdBy: PERSON.id, fire: { schedule: { scheduleId } } }]);
  });
});

describe("a deleted schedule", () => {
  it("leaves its runs with their fire times", async () => {
    const { scheduleId } = await addSchedule(test.db, { graphId });
    const { runId } = await runSchedule(test.db, { scheduleId, actor });

    await deleteSchedule(test.db, { scheduleId, actor });

    const { items } = await listRuns(test.db, { graphId, limit: 10 });
    expect(items).toMatchObject([{ runId, fire: { schedule: null, timeZone: "UTC" } }]);
  });

  it("goes with its graph", async () => {
    await addSchedule(test.db, { graphId });

    await deleteGraph(test.db, { graphId, actor });

    expect(await listSchedules(test.db, { graphId })).toEqual([]);
  });
});

it("knows when the next fire time of all comes", async () => {
  await test.sql`delete from schedules`;
  expect(await nextScheduleWork(test.db)).toEqual({ fireInMs: null, hasBackfill: false });

  await createSchedule(test.db, { graphId, schedule: once(inAnHour()), actor });
  const { fireInMs } = await nextScheduleWork(test.db);
  expect(fireInMs).toBeGreaterThan(3_500_000);
  expect(fireInMs).toBeLessThanOrEqual(3_600_000);

  await test.sql`update schedules set next_fire_at = now() - interval '1 day'`;
  expect(await nextScheduleWork(test.db)).toMatchObject({ fireInMs: 0 });
});
