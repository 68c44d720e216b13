import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import { listExecutions } from "@/lib/db/queries/executions";
import { listRuns } from "@/lib/db/queries/runs";
import { runs } from "@/lib/db/schema/executions";
import { sqlStateOf } from "@/lib/db/sql-state";
import type { ScheduleFieldsInput } from "@/lib/domain/schedule-inputs";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker } from "@/lib/testing/engine-factories";
import { createDrawnGraph, createProject, PERSON } from "@/lib/testing/factories";
import { findViolations } from "@/lib/testing/invariants";
import { addSchedule, readSchedule } from "@/lib/testing/schedule-factories";
import { cancelRun } from "./cancel-run";
import { createGraph } from "./create-graph";
import { fireSchedule } from "./fire-schedule";
import { nextScheduleWork } from "./next-schedule-work";
import { runSchedule } from "./run-schedule";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.close();
});

type Fields = Partial<Extract<ScheduleFieldsInput, { kind: "cron" }>>;

/** A schedule whose fire time came so many seconds ago. */
async function addDue(fields: Fields = {}, secondsAgo = 0, graphId?: string) {
  const added = await addSchedule(test.db, { fields, ...(graphId && { graphId }) });
  await makeDue(added.scheduleId, secondsAgo);
  return added;
}

/** As if no loop had looked for so many seconds. */
async function makeDue(scheduleId: string, secondsAgo = 0): Promise<void> {
  await test.sql`
    update schedules set next_fire_at = date_trunc('second', now()) - make_interval(secs => ${secondsAgo})
    where id = ${scheduleId}`;
}

const runsOf = (scheduleId: string) =>
  test.db
    .select({ runId: runs.id, fireAt: runs.fireAt })
    .from(runs)
    .where(eq(runs.scheduleId, scheduleId));

async function fireAll() {
  const fired = [];
  for (let one = await fireSchedule(test.db); one; one = await fireSchedule(test.db))
    fired.push(one);
  return fired;
}

describe("a schedule whose fire time has come", () => {
  it("starts a run that knows it, and stores its next fire time", async () => {
    const { scheduleId, graphId } = await addDue({ name: "Minutely", priority: "HIGH" });
    const before = await readSchedule(test.db, scheduleId);

    const fired = await fireAll();

    expect(fired).toMatchObject([{ scheduleId, outcome: "started", fault: null }]);
    const runId = fired[0]?.runId ?? "";
    const { items } = await listRuns(test.db, { scheduleId, limit: 10 });
    const at = fired[0]?.fireAt.toISOString();
    expect(items).toMatchObject([
      {
        runId,
        graphId,
        createdBy: "schedule Minutely",
        fire: {
          at,
          timeZone: "UTC",
          schedule: { scheduleId, name: "Minutely" },
          isBackfill: false,
        },
      },
    ]);
    const executions = await listExecutions(test.db, { runId, limit: 10 });
    expect(executions.items).toMatchObject([{ priority: "HIGH" }]);
    const after = await readSchedule(test.db, scheduleId);
    expect(after.latestRun).toMatchObject({ runId, status: "SCHEDULED" });
    expect(after.lastFire).toEqual({ at, outcome: "started" });
    expect(Date.parse(after.nextFireAt ?? "")).toBeGreaterThan(Date.parse(before.nextFireAt ?? ""));
    expect(await fireSchedule(test.db)).toBeNull();
  });

  it("tells the commands the fire time as the clocks of its time zone show it", async () => {
    const { scheduleId } = await addDue({ timeZone: "America/New_York" });
    await test.sql`update schedules set next_fire_at = '2026-03-08T07:00:00Z' where id = ${scheduleId}`;

    await fireAll();

    const worker = await addWorker(test.db);
    const claimed = await worker.claim(100);
    expect(claimed.map(({ scheduledFor }) => scheduledFor)).toContain("2026-03-08T03:00:00-04:00");
  });

  it("fires a single time once, and never again", async () => {
    const { scheduleId } = await addDue();
    await test.sql`
      update schedules set kind = 'once', expression = null, once_at = next_fire_at where id = ${scheduleId}`;

    expect(await fireAll()).toHaveLength(1);

    expect(await readSchedule(test.db, scheduleId)).toMatchObject({ nextFireAt: null });
    expect(await fireSchedule(test.db)).toBeNull();
  });
});

describe("fire times that passed while no worker was there", () => {
  it("are caught up with one run, for the latest of them", async () => {
    const { scheduleId } = await addDue({ expression: "0 * * * *" }, 10 * 3600);

    await fireAll();

    const started = await runsOf(scheduleId);
    expect(started).toHaveLength(1);
    expect(Date.now() - (started[0]?.fireAt?.getTime() ?? 0)).toBeLessThan(3_700_000);
  });

  it("are left out when the schedule says so", async () => {
    const { scheduleId } = await addDue({ missedFires: "skip" }, 90);

    expect(await fireAll()).toMatchObject([{ outcome: "missed", runId: null }]);

    expect(await runsOf(scheduleId)).toEqual([]);
    const { lastFire, nextFireAt } = await readSchedule(test.db, scheduleId);
    expect(lastFire?.outcome).toBe("missed");
    expect(Date.parse(nextFireAt ?? "")).toBeGreaterThan(Date.now());
  });

  it("are not missed within a minute", async () => {
    await addDue({ missedFires: "skip" }, 30);

    expect(await fireAll()).toMatchObject([{ outcome: "started" }]);
  });
});

describe("a schedule that must not overlap itself", () => {
  it("waits for its previous run to be final", async () => {
    const { scheduleId } = await addDue({ overlap: "skip" });
    const [first] = await fireAll();
    await makeDue(scheduleId, 5);

    expect(await fireAll()).toMatchObject([{ outcome: "overlapped", runId: null }]);

    await cancelRun(test.db, { runId: first?.runId ?? "", force: false, actor: PERSON });
    await makeDue(scheduleId, 10);
    expect(await fireAll()).toMatchObject([{ outcome: "started" }]);
  });

  it("is started by a person all the same", async () => {
    const { scheduleId } = await addDue({ overlap: "skip" });
    await fireAll();

    await runSchedule(test.db, { scheduleId, actor: PERSON });

    expect(await runsOf(scheduleId)).toHaveLength(2);
  });

  it("overlaps where that is allowed", async () => {
    const { scheduleId } = await addDue();
    await fireAll();
    await makeDue(scheduleId, 5);

    expect(await fireAll()).toMatchObject([{ outcome: "started" }]);
  });
});

describe("a schedule that cannot start its graph", () => {
  it("says why, stays alive, and holds up no other", async () => {
    const projectId = await createProject(test.db);
    const graph = { projectId, name: "Empty", description: "", actor: PERSON };
    const { graphId } = await createGraph(test.db, graph);
    const empty = await addDue({}, 20, graphId);
    const other = await addDue({}, 10);

    const fired = await fireAll();

    expect(fired.map(({ scheduleId, outcome }) => [scheduleId, outcome])).toEqual([
      [empty.scheduleId, "failed"],
      [other.scheduleId, "started"],
    ]);
    const schedule = await readSchedule(test.db, empty.scheduleId);
    expect(schedule).toMatchObject({
      enabled: true,
      error: expect.stringMatching(/no task|empty/i),
    });
    expect(Date.parse(schedule.nextFireAt ?? "")).toBeGreaterThan(Date.now() - 1000);

    const drawn = await createDrawnGraph(test.db, { projectId, tasks: { b: [] } });
    await test.sql`update schedules set graph_id = ${drawn.graphId} where id = ${empty.scheduleId}`;
    await makeDue(empty.scheduleId);
    await fireAll();
    expect(await readSchedule(test.db, empty.scheduleId)).toMatchObject({ error: null });
  });

  it("is switched off when its fire times cannot be worked out", async () => {
    const bad = await addDue({}, 20);
    await test.sql`update schedules set time_zone = 'Mars/Phobos' where id = ${bad.scheduleId}`;
    await addDue({}, 10);

    const fired = await fireAll();

    expect(fired.map(({ outcome }) => outcome)).toEqual(["failed", "started"]);
    expect(fired[0]?.fault).toBeInstanceOf(Error);
    expect(await readSchedule(test.db, bad.scheduleId)).toMatchObject({
      enabled: false,
      nextFireAt: null,
      error: expect.stringMatching(/switched off/),
    });
  });

  it("keeps what broke for the log, and shows a person words only", async () => {
    const { scheduleId } = await addDue();
    await test.sql`alter table executions add constraint broken check (task_key <> 'a') not valid`;

    const [fired] = await fireAll();
    await test.sql`alter table executions drop constraint broken`;

    expect(sqlStateOf(fired?.fault)).toBe("23514");
    expect((await readSchedule(test.db, scheduleId)).error).toMatch(/^Something went wrong/);
    expect(await runsOf(scheduleId)).toEqual([]);
  });
});

describe("four loops at once", () => {
  it("fire 200 schedules once each", async () => {
    const { scheduleId, graphId } = await addSchedule(test.db);
    await test.sql`
      insert into schedules (id, graph_id, name, kind, expression, time_zone, enabled, missed_fires, overlap,
        created_by, next_fire_at)
      select gen_random_uuid(), graph_id, 'copy ' || n, kind, expression, time_zone, enabled, missed_fires, overlap,
        created_by, date_trunc('second', now())
      from schedules, generate_series(1, 200) n where id = ${scheduleId}`;
    const loops = [1, 2, 3, 4].map((n) => createDbClient(test.url, { name: `loop ${n}` }));

    const fired: unknown[] = [];
    await Promise.all(
      loops.map(async ({ db }) => {
        // A loop that finds everything locked looks again, as long as something is due.
        while ((await nextScheduleWork(db)).fireInMs === 0) fired.push(await fireSchedule(db));
      }),
    );

    const counts = await test.sql<{ n: number }[]>`
      select count(*)::int as n from runs where graph_id = ${graphId} group by schedule_id`;
    expect(counts.map(({ n }) => n)).toEqual(Array(200).fill(1));
    expect(fired.filter((one) => one !== null)).toHaveLength(200);
    await Promise.all(loops.map(({ close }) => close()));
  });
});

describe("a loop that dies", () => {
  it("between creating the run and the commit leaves the fire to another, and nothing of its own", async () => {
    const { scheduleId } = await addDue();
    const doomed = createDbClient(test.url, { max: 1, name: "doomed" });

    const dying = doomed.db.transaction(async (tx) => {
      expect(await fireSchedule(tx)).toMatchObject({ outcome: "started" });
      // While it lives, nobody else fires the schedule.
      expect(await fireSchedule(test.db)).toBeNull();
      await test.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'dagline doomed' and datname = current_database()`;
    });
    await expect(dying).rejects.toThrow();
    await doomed.sql.end({ timeout: 0 });

    expect(await runsOf(scheduleId)).toEqual([]);
    expect(await fireAll()).toMatchObject([{ scheduleId, outcome: "started" }]);
    expect(await runsOf(scheduleId)).toHaveLength(1);
  });

  it("after the commit, before it heard of it, has fired all the same", async () => {
    const { scheduleId } = await addDue({}, 7);
    const [first] = await fireAll();
    // As if the next fire time had been lost: the key of the run is what is left.
    await test.sql`
      update schedules set next_fire_at = ${first?.fireAt.toISOString() ?? ""} where id = ${scheduleId}`;

    const [again] = await fireAll();

    expect(again).toMatchObject({ outcome: "started", runId: first?.runId });
    expect(await runsOf(scheduleId)).toHaveLength(1);
  });
});
