import { and, asc, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import { listBackfills, previewBackfill } from "@/lib/db/queries/backfills";
import { runs } from "@/lib/db/schema/executions";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, PERSON } from "@/lib/testing/factories";
import { findViolations } from "@/lib/testing/invariants";
import { addSchedule } from "@/lib/testing/schedule-factories";
import { advanceBackfill } from "./advance-backfill";
import { cancelBackfill } from "./cancel-backfill";
import { cancelRun } from "./cancel-run";
import { createGraph } from "./create-graph";
import { deleteSchedule } from "./delete-schedule";
import { fireSchedule } from "./fire-schedule";
import { startBackfill } from "./start-backfill";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.close();
});

const JANUARY = { from: new Date("2026-01-01T00:00Z"), to: new Date("2026-02-01T00:00Z") };
const WEEK = { from: new Date("2026-01-05T00:00Z"), to: new Date("2026-01-12T00:00Z") };

const addDaily = (timeZone = "UTC") =>
  addSchedule(test.db, { fields: { expression: "0 0 * * *", timeZone } });

const addMinutely = (graphId?: string) =>
  addSchedule(test.db, { fields: { expression: "* * * * *" }, ...(graphId && { graphId }) });

function start(
  scheduleId: string,
  options: Partial<Parameters<typeof startBackfill>[1]> = {},
): Promise<{ backfillId: string; total: number }> {
  const input = { scheduleId, ...WEEK, maxActiveRuns: null, priority: null, actor: PERSON };
  return startBackfill(test.db, { ...input, ...options });
}

/** Takes steps until none is possible, as the loop of a worker does. */
async function advance(db: Db = test.db) {
  const steps = [];
  for (let step = await advanceBackfill(db); step; step = await advanceBackfill(db))
    steps.push(step);
  return steps;
}

const runsOf = (backfillId: string) =>
  test.db
    .select({ runId: runs.id, fireAt: runs.fireAt, status: runs.status })
    .from(runs)
    .where(eq(runs.backfillId, backfillId))
    .orderBy(asc(runs.id));

async function endActive(backfillId: string): Promise<number> {
  const active = await test.db
    .select({ runId: runs.id })
    .from(runs)
    .where(and(eq(runs.backfillId, backfillId), isNull(runs.finishedAt)));
  for (const { runId } of active) await cancelRun(test.db, { runId, force: false, actor: PERSON });
  return active.length;
}

async function stateOf(scheduleId: string) {
  const [latest] = (await listBackfills(test.db, { scheduleId })) ?? [];
  return latest;
}

describe("the preview of a back-fill", () => {
  it("names the fire times of the range, its start included and its end not", async () => {
    const { scheduleId } = await addDaily();

    const preview = await previewBackfill(test.db, { scheduleId, ...WEEK });

    expect(preview?.alreadyRun).toBe(0);
    expect(preview?.fireTimes).toHaveLength(7);
    expect(preview?.fireTimes[0]).toBe("2026-01-05T00:00:00.000Z");
    expect(preview?.fireTimes[6]).toBe("2026-01-11T00:00:00.000Z");
  });

  it("leaves out what is still to come, and what has a run", async () => {
    const { scheduleId } = await addDaily();
    await start(scheduleId, { to: new Date("2026-01-07T00:00Z") });
    await advance();

    const to = new Date(Date.now() + 10 * 86_400_000);
    const preview = await previewBackfill(test.db, { scheduleId, from: WEEK.from, to });

    expect(preview?.alreadyRun).toBe(2);
    expect(preview?.fireTimes[0]).toBe("2026-01-07T00:00:00.000Z");
    expect(Date.parse(preview?.fireTimes.at(-1) ?? "")).toBeLessThan(Date.now());
  });

  it("refuses more than a thousand fire times", async () => {
    const { scheduleId } = await addMinutely();

    await expect(previewBackfill(test.db, { scheduleId, ...JANUARY })).rejects.toMatchObject({
      code: "invalid",
      details: [{ path: "to" }],
    });
    const to = new Date("2026-01-01T16:40Z");
    const preview = await previewBackfill(test.db, { scheduleId, from: JANUARY.from, to });
    expect(preview?.fireTimes).toHaveLength(1000);
  });

  it("refuses a schedule of a single time", async () => {
    const { scheduleId } = await addDaily();
    await test.sql`
      update schedules set kind = 'once', expression = null, once_at = now() where id = ${scheduleId}`;

    await expect(previewBackfill(test.db, { scheduleId, ...WEEK })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("a back-fill", () => {
  it("runs each fire time in order, with that time as its own", async () => {
    const { scheduleId } = await addDaily("America/New_York");
    const { backfillId, total } = await start(scheduleId, { priority: "LOW" });

    await advance();

    const started = await runsOf(backfillId);
    expect(total).toBe(7);
    expect(started.map(({ fireAt }) => fireAt?.toISOString().slice(0, 13))).toEqual(
      ["05", "06", "07", "08", "09", "10", "11"].map((day) => `2026-01-${day}T05`),
    );
    const rows = await test.sql`
      select scheduled_for, priority from executions where run_id = ${started[0]?.runId ?? ""}`;
    expect(rows).toMatchObject([{ scheduled_for: "2026-01-05T00:00:00-05:00", priority: 0 }]);
    expect(await stateOf(scheduleId)).toMatchObject({ status: "RUNNING", started: 7, total: 7 });
  });

  it("has at most as many active runs as it may, and is COMPLETED once all are final", async () => {
    const { scheduleId } = await addDaily();
    const { backfillId } = await start(scheduleId, { maxActiveRuns: 3 });

    const active = [];
    do {
      await advance();
      active.push(await endActive(backfillId));
    } while ((await stateOf(scheduleId))?.status === "RUNNING");

    expect(active).toEqual([3, 3, 1, 0]);
    expect(await stateOf(scheduleId)).toMatchObject({
      status: "COMPLETED",
      started: 7,
      runs: { cancelled: 7, active: 0 },
      finishedAt: expect.any(String),
    });
  });

  it("keeps its limit when four loops take steps at once", async () => {
    const { scheduleId } = await addDaily();
    const { backfillId } = await start(scheduleId, { ...JANUARY, maxActiveRuns: 2 });
    const loops = [1, 2, 3, 4].map((n) => createDbClient(test.url, { name: `loop ${n}` }));

    for (let round = 1; round <= 5; round++) {
      await Promise.all(loops.map(({ db }) => advance(db)));
      // Whoever found it locked gave up; there may be room yet.
      await advance();
      expect(await endActive(backfillId)).toBe(2);
    }

    const times = (await runsOf(backfillId)).map(({ fireAt }) => fireAt?.getTime() ?? 0);
    expect(times).toHaveLength(10);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    await Promise.all(loops.map(({ close }) => close()));
    await cancelBackfill(test.db, { backfillId, actor: PERSON });
  });

  it("holds up no other one while it waits for its runs", async () => {
    const waiting = await addDaily();
    const other = await addDaily();
    const first = await start(waiting.scheduleId, { maxActiveRuns: 1 });
    await start(other.scheduleId);

    await advance();

    expect(await stateOf(waiting.scheduleId)).toMatchObject({ started: 1 });
    expect(await stateOf(other.scheduleId)).toMatchObject({ started: 7 });
    await cancelBackfill(test.db, { ...first, actor: PERSON });
  });

  it("starts no further run once it is cancelled, and lets those that were started go on", async () => {
    const { scheduleId } = await addDaily();
    const { backfillId } = await start(scheduleId, { maxActiveRuns: 2 });
    await advance();

    const cancel = () => cancelBackfill(test.db, { backfillId, actor: PERSON });
    expect(await cancel()).toEqual({ status: "CANCELLED", started: 2, total: 7 });
    expect(await cancel()).toMatchObject({ status: "CANCELLED" });

    expect(await endActive(backfillId)).toBe(2);
    expect(await advance()).toEqual([]);
    expect(await stateOf(scheduleId)).toMatchObject({ status: "CANCELLED", started: 2 });
  });

  it("leaves alone what the schedule has fired itself", async () => {
    const { scheduleId } = await addDaily();
    const { backfillId } = await start(scheduleId);
    await test.sql`
      update schedules set next_fire_at = '2026-01-06T00:00Z', ends_at = '2026-01-06T00:01Z' where id = ${scheduleId}`;
    expect(await fireSchedule(test.db)).toMatchObject({ outcome: "started" });

    await advance();

    expect(await runsOf(backfillId)).toHaveLength(6);
    expect(await stateOf(scheduleId)).toMatchObject({ started: 7 });
  });

  it("ends FAILED with the reason when the graph cannot run", async () => {
    const projectId = await createProject(test.db);
    const graph = { projectId, name: "Empty", description: "", actor: PERSON };
    const { graphId } = await createGraph(test.db, graph);
    const { scheduleId } = await addMinutely(graphId);
    const { from } = WEEK;
    await start(scheduleId, { from, to: new Date(from.getTime() + 3_600_000) });

    await advance();

    expect(await stateOf(scheduleId)).toMatchObject({
      status: "FAILED",
      started: 0,
      error: expect.stringMatching(/no task|empty/i),
    });
  });

  it("is refused when there is nothing to run", async () => {
    const { scheduleId } = await addDaily();
    const future = { from: new Date(Date.now() + 1000), to: new Date("2099-01-01") };

    await expect(start(scheduleId, future)).rejects.toMatchObject({ code: "empty" });
  });

  it("is refused while another one of the schedule is under way", async () => {
    const { scheduleId } = await addDaily();
    const { backfillId } = await start(scheduleId);

    await expect(start(scheduleId, JANUARY)).rejects.toMatchObject({ code: "conflict" });

    await cancelBackfill(test.db, { backfillId, actor: PERSON });
    await expect(start(scheduleId, JANUARY)).resolves.toMatchObject({ total: 31 });
  });

  it("goes with its schedule, and its runs stay", async () => {
    const { scheduleId } = await addDaily();
    const { backfillId } = await start(scheduleId);
    await advance();
    const [run] = await runsOf(backfillId);

    await deleteSchedule(test.db, { scheduleId, actor: PERSON });

    const rows = await test.db
      .select()
      .from(runs)
      .where(eq(runs.id, run?.runId ?? ""));
    expect(rows).toMatchObject([{ scheduleId: null, backfillId: null, fireAt: run?.fireAt }]);
  });
});
