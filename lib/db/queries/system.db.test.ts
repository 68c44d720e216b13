import { v7 as uuidv7 } from "uuid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attempts, executionDependencies } from "@/lib/db/schema/executions";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, insertRun, insertWorker } from "@/lib/testing/factories";
import { listExplanations } from "./explanations";
import { getOverview } from "./overview";
import { getExecutionStats } from "./stats";
import { getSystemState, listWorkers } from "./workers";

let test: TestDatabase;
let projectId: string;

beforeEach(async () => {
  test = await createTestDatabase();
  projectId = await createProject(test.db);
});
afterEach(() => test.close());

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const run = async (...executions: Parameters<typeof insertRun>[1]["executions"]) =>
  (await insertRun(test.db, { projectId, executions })).executionIds;

describe("workers", () => {
  it("are shown with their state and what they hold", async () => {
    const workerId = await insertWorker(test.db, { name: "a", startedAt: ago(1) });
    await insertWorker(test.db, { name: "b", startedAt: ago(2), heartbeatAt: ago(31) });
    await insertWorker(test.db, { name: "c", startedAt: ago(3), drainingAt: ago(1) });
    await insertWorker(test.db, { name: "d", startedAt: ago(4), stoppedAt: ago(1) });
    await insertWorker(test.db, { name: "long gone", stoppedAt: ago(7200) });
    await insertWorker(test.db, { name: "long missing", heartbeatAt: ago(100_000) });
    const [executionId] = await run({ status: "RUNNING", workerId, taskName: "T" });

    const workers = await listWorkers(test.db);

    expect(workers.map(({ name, state }) => [name, state])).toEqual([
      ["a", "alive"],
      ["b", "missing"],
      ["c", "draining"],
      ["d", "stopped"],
    ]);
    expect(workers[0]?.held).toMatchObject([{ executionId, taskName: "T", status: "RUNNING" }]);
    expect((await listWorkers(test.db, { aliveWithinSeconds: 60 }))[1]?.state).toBe("alive");
  });

  it("make up the system's slots as long as they live and claim", async () => {
    expect(await getSystemState(test.db)).toMatchObject({ workersAlive: 0, slots: 0, runners: [] });
    const workerId = await insertWorker(test.db, { maxConcurrentExecutions: 3 });
    await insertWorker(test.db, { maxConcurrentExecutions: 4 });
    await insertWorker(test.db, { runner: "dagger", runnerDescription: "An engine." });
    await insertWorker(test.db, { drainingAt: ago(1) });
    await insertWorker(test.db, { heartbeatAt: ago(31) });
    await run({ status: "RUNNING", workerId }, { status: "PREPARING", workerId });

    expect(await getSystemState(test.db)).toEqual({
      now: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      workersAlive: 3,
      slots: 9,
      slotsUsed: 2,
      runners: [
        { runner: "dagger", description: "An engine.", workers: 1 },
        { runner: "process", description: "Runs commands on this host.", workers: 2 },
      ],
      // Workers from before there were breakers name no engine.
      breakers: [],
      retentionDays: 90,
    });
  });
});

describe("explanations", () => {
  it("name places in the order of the claim, over due rows only", async () => {
    const [low, late, early, future] = await run(
      { status: "SCHEDULED", priority: 0, dueAt: ago(100) },
      { status: "SCHEDULED", priority: 2, dueAt: ago(1) },
      { status: "RETRYING", priority: 2, dueAt: ago(2) },
      { status: "SCHEDULED", priority: 3, dueAt: ago(-60) },
    );
    const workerId = await insertWorker(test.db, { maxConcurrentExecutions: 1 });
    const [held] = await run({ status: "RUNNING", workerId, taskName: "Holder" });
    const ids = [low, late, early, future, held].map(String);

    const explanations = await listExplanations(test.db, { executionIds: ids });

    const slots = { kind: "slots", slots: 1, heldBy: [{ executionId: held, taskName: "Holder" }] };
    expect(ids.map((id) => explanations.get(id))).toEqual([
      { runnable: true, obstacles: [{ ...slots, position: 3 }] },
      { runnable: true, obstacles: [{ ...slots, position: 2 }] },
      { runnable: true, obstacles: [{ ...slots, position: 1 }] },
      { runnable: false, obstacles: [{ kind: "start_time", at: expect.any(String) }] },
      undefined,
    ]);
  });

  it("name the dependencies that are not complete, ten at most, and how many there are", async () => {
    const upstream = Array.from({ length: 12 }, (_, i) => ({
      id: uuidv7(),
      status: i === 0 ? ("COMPLETED" as const) : ("SCHEDULED" as const),
      taskName: `T${String(i).padStart(2, "0")}`,
    }));
    const ids = await run(...upstream, { status: "PENDING", unfinishedDependencies: 11 });
    const executionId = `${ids.at(-1)}`;
    await test.db
      .insert(executionDependencies)
      .values(upstream.map(({ id }) => ({ executionId, dependsOnId: id })));

    const explanations = await listExplanations(test.db, { executionIds: [executionId] });

    const [obstacle] = explanations.get(executionId)?.obstacles ?? [];
    const names = obstacle?.kind === "dependencies" && obstacle.unfinished.map((u) => u.taskName);
    expect(names).toEqual(upstream.slice(1, 11).map(({ taskName }) => taskName));
    expect(obstacle).toMatchObject({ count: 11 });
  });

  it("tell a paused run from a paused execution, and that nobody is there to work", async () => {
    const { executionIds } = await insertRun(test.db, {
      projectId,
      paused: true,
      executions: [{ status: "PAUSED" }],
    });
    const [single, ready] = await run({ status: "PAUSED" }, { status: "SCHEDULED" });
    const ids = [executionIds[0], single, ready].map(String);

    const explanations = await listExplanations(test.db, { executionIds: ids });

    expect(ids.map((id) => explanations.get(id))).toEqual([
      { runnable: false, obstacles: [{ kind: "paused", by: "run" }] },
      { runnable: false, obstacles: [{ kind: "paused", by: "execution" }] },
      { runnable: true, obstacles: [{ kind: "no_workers" }] },
    ]);
  });
});

describe("getExecutionStats", () => {
  it("counts executions, by project where asked", async () => {
    await run(
      { status: "COMPLETED", attempt: 3 },
      { status: "COMPLETED", finishedAt: ago(7200) },
      { status: "FAILED" },
      { status: "TIMEOUT" },
      { status: "CANCELLED" },
      { status: "RETRYING" },
      { status: "SCHEDULED" },
      { status: "SCHEDULED", dueAt: ago(-60) },
      { status: "PREPARING" },
      { status: "RUNNING" },
    );
    await insertRun(test.db, {
      projectId: await createProject(test.db),
      executions: [{ status: "RUNNING" }],
    });
    await test.sql`update runs set created_at = now() - interval '3 h' where project_id = ${projectId}`;

    const all = await getExecutionStats(test.db, {});
    expect(all).toMatchObject({ total_executions: 11, running_count: 3 });
    expect(await getExecutionStats(test.db, { projectId })).toEqual({
      total_executions: 10,
      successful_executions: 2,
      failed_executions: 1,
      retried_executions: 2,
      cancelled_executions: 1,
      timed_out_executions: 1,
      status_counts: {
        PENDING: 0,
        SCHEDULED: 2,
        PREPARING: 1,
        RUNNING: 1,
        PAUSED: 0,
        COMPLETED: 2,
        FAILED: 1,
        CANCELLED: 1,
        RETRYING: 1,
        TIMEOUT: 1,
      },
      queue_length: 2,
      running_count: 2,
      total_count: 10,
      attempts: 10,
      throughput_last_hour: 4,
      waiting_ms: { p50: 0, p95: 0 },
      running_ms: { p50: null, p95: null },
    });
  });

  it("measures waiting to the first claim and running of the last attempt, over the last day", async () => {
    for (const n of [1, 2, 3]) {
      const [executionId] = await run({
        status: "COMPLETED",
        scheduledAt: ago(1000),
        readyAt: ago(100),
        startedAt: ago(100 - n),
        finishedAt: ago(50),
      });
      await test.db.insert(attempts).values({
        executionId: `${executionId}`,
        attempt: 1,
        leaseToken: uuidv7(),
        workerId: uuidv7(),
        runner: "process",
        claimedAt: ago(60 + n * 10),
        endedAt: ago(60),
        outcome: "COMPLETED",
      });
    }
    await run({ status: "COMPLETED", readyAt: ago(200_000), finishedAt: ago(90_000) });

    const { waiting_ms, running_ms } = await getExecutionStats(test.db, { projectId });

    expect(Math.abs((waiting_ms.p50 ?? 0) - 2000)).toBeLessThan(100);
    expect(Math.abs((waiting_ms.p95 ?? 0) - 2900)).toBeLessThan(100);
    expect(Math.abs((running_ms.p50 ?? 0) - 20_000)).toBeLessThan(100);
  });

  it("is all zeros and nulls on an empty database", async () => {
    expect(await getExecutionStats(test.db, {})).toMatchObject({
      total_executions: 0,
      attempts: 0,
      waiting_ms: { p50: null, p95: null },
    });
  });
});

describe("getOverview", () => {
  it("lists what runs, waits (in the order in which it would start) and failed", async () => {
    const workerId = await insertWorker(test.db);
    const [running, future, paused, low, high, failed] = await run(
      { status: "RUNNING", workerId },
      { status: "SCHEDULED", priority: 3, dueAt: ago(-60) },
      { status: "PAUSED", priority: 3 },
      { status: "SCHEDULED", priority: 0, dueAt: ago(9) },
      { status: "RETRYING", priority: 2, dueAt: ago(1) },
      { status: "TIMEOUT" },
    );
    await run({ status: "COMPLETED" });

    const overview = await getOverview(test.db);

    const idsOf = (list: { executionId: string }[]) => list.map(({ executionId }) => executionId);
    expect(idsOf(overview.running)).toEqual([running]);
    expect(idsOf(overview.waiting)).toEqual([high, low, future, paused]);
    expect(idsOf(overview.recentFailures)).toEqual([failed]);
    expect(overview.waiting.map(({ explanation }) => explanation.runnable)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(overview.activeRuns).toMatchObject([{ status: "RUNNING", counts: { total: 6 } }]);
    expect(overview).toMatchObject({ workersAlive: 1, slotsUsed: 1, stats: { total_count: 7 } });
  });
});
