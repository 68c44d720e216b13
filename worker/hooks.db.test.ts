import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "@/lib/config";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { cancelRun } from "@/lib/engine/cancel-run";
import { type HookOutcome, Hooks } from "@/lib/engine/hooks";
import { rescueExecutions } from "@/lib/engine/rescue-executions";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, person, startRun, statusesOf } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import type { Runner } from "./runners/runner";
import { waitFor } from "./testing/worker-process";
import { Worker } from "./worker";

const config = readConfig({
  SCHEDULER_INTERVAL: "0.5",
  HEARTBEAT_INTERVAL: "0.2",
  LEASE_DURATION: "20",
  SWEEP_INTERVAL: "0.2",
  DRAIN_TIMEOUT: "0",
  CANCEL_GRACE: "1",
});

let test: TestDatabase;
let hooks: Hooks;
let worker: Worker;
/** Programs that were really started. */
let started: string[];
let told: (HookOutcome & { taskKey: string; attempt: number })[];

/** Ends at once as its program says, or goes on until it is stopped. */
const runner: Runner = {
  kind: "process",
  engine: "process@test",
  description: "Commands of this test.",
  run: async ({ pipeline, signal, onStarted }) => {
    const program = pipeline.steps[0]?.command[0] ?? "";
    started.push(program);
    onStarted();
    if (program === "wait" && !signal.aborted)
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    if (signal.aborted) return { kind: "stopped" };
    const exitCode = program === "true" ? 0 : 1;
    return { kind: "exited", exitCode, signal: null, output: null, imageDigest: null };
  },
  close: async () => {},
};

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.close());

beforeEach(() => {
  hooks = new Hooks({ limitMs: 150 });
  hooks.addPostExecutionHook(({ taskKey, attempt, outcome, message }) => {
    told.push({ taskKey, attempt, outcome, message });
  });
  started = [];
  told = [];
  worker = new Worker({ databaseUrl: test.url, runner, hooks, config });
});

afterEach(async () => {
  await worker.stop({ now: true });
  const left = await test.sql<{ id: string }[]>`select id from runs where finished_at is null`;
  for (const { id } of left) await cancelRun(test.db, { runId: id, force: true, actor: person });
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
});

const start = (program: string, fields: ExecutionOverrides = {}) =>
  startRun(
    test.db,
    { a: [] },
    { overrides: { a: { workflowParams: { image: "x", command: [program] }, ...fields } } },
  );

const waitForStatus = (run: { runId: string }, status: string) =>
  waitFor(status, async () => (await statusesOf(test.sql, run.runId)).a === status);

const waitUntilTold = (outcome: HookOutcome["outcome"]) =>
  waitFor(`a hook to be told ${outcome}`, () => told.find((each) => each.outcome === outcome));

const executionOf = async (run: { runId: string }) => {
  const [row] = await test.sql`
    select status, retries_used, error->>'class' as class, error->>'message' as message
    from executions where run_id = ${run.runId}`;
  return row;
};

describe("a pre-execution hook", () => {
  it("that vetoes fails the execution in its words, before anything was started", async () => {
    hooks.addPreExecutionHook(() => ({ veto: "not on Fridays" }));
    await worker.start();
    const run = await start("true");
    await waitForStatus(run, "FAILED");
    const message = "A hook vetoed the attempt: not on Fridays";
    expect(await executionOf(run)).toMatchObject({ class: "invalid", message });
    expect(started).toEqual([]);
    expect(await waitUntilTold("failed")).toEqual({
      taskKey: "a",
      attempt: 1,
      outcome: "failed",
      message,
    });
  });

  it.each([
    ["throws", () => Promise.reject(new Error("no token")), "no token"],
    ["hangs", () => new Promise<void>(() => {}), "longer than 150 ms"],
  ])("that %s loses the attempt, which uses up no retry", async (_, hook, words) => {
    hooks.addPreExecutionHook(({ attempt }) => (attempt === 1 ? hook() : undefined));
    await worker.start();
    const run = await start("true");
    await waitForStatus(run, "COMPLETED");
    const [first, second] = await test.sql`
      select outcome, error->>'class' as class, error->>'message' as message
      from attempts where execution_id = ${run.ids.a ?? ""} order by attempt`;
    expect(first).toEqual({
      outcome: "LOST",
      class: "infrastructure",
      message: expect.stringContaining(words),
    });
    expect(second?.outcome).toBe("COMPLETED");
    expect(await executionOf(run)).toMatchObject({ retries_used: 0 });
    expect(started).toEqual(["true"]);
  });

  it("that hangs holds back neither a cancel nor the attempt's timeout", async () => {
    hooks = new Hooks({ limitMs: 600_000 });
    const isAsked = new Set<string>();
    hooks.addPreExecutionHook(({ executionId }) => {
      isAsked.add(executionId);
      return new Promise<void>(() => {});
    });
    await worker.stop({ now: true });
    worker = new Worker({ databaseUrl: test.url, runner, hooks, config });
    await worker.start();
    const run = await start("true");
    const late = await start("true", { timeoutSeconds: 1, retryStrategy: "NONE" });
    await waitFor("the hooks to be asked", () => isAsked.size === 2);
    const executionId = run.ids.a ?? "";
    await cancelExecution(test.db, { executionId, force: false, actor: person });
    await Promise.all([waitForStatus(run, "CANCELLED"), waitForStatus(late, "TIMEOUT")]);
    expect(started).toEqual([]);
  });

  it("is told what it may know, and nothing of the lease", async () => {
    const contexts: object[] = [];
    hooks.addPreExecutionHook((context) => {
      contexts.push(context);
    });
    hooks.addPostExecutionHook((context) => {
      contexts.push(context);
    });
    await worker.start();
    const run = await start("true", { metadata: { team: "x" } });
    const about = {
      executionId: run.ids.a,
      runId: run.runId,
      projectId: run.projectId,
      taskKey: "a",
      taskName: "a",
      attempt: 1,
      metadata: { team: "x" },
    };
    await waitFor("both hooks", () => contexts.length === 2);
    expect(contexts).toEqual([about, { ...about, outcome: "completed", message: null }]);
  });
});

describe("a post-execution hook", () => {
  it("is called after the end is recorded, and cannot change it by throwing or hanging", async () => {
    const statuses: (string | undefined)[] = [];
    hooks.addPostExecutionHook(() => Promise.reject(new Error("no mail")));
    hooks.addPostExecutionHook(() => new Promise<void>(() => {}));
    hooks.addPostExecutionHook(async ({ runId }) => {
      statuses.push((await statusesOf(test.sql, runId)).a);
    });
    await worker.start();
    const run = await start("true");
    await waitFor("the last hook", () => statuses.length === 1);
    expect(statuses).toEqual(["COMPLETED"]);
    expect(await statusesOf(test.sql, run.runId)).toEqual({ a: "COMPLETED" });
  });

  it("is told of a failed attempt that is retried, with its message", async () => {
    await worker.start();
    await start("false");
    expect(await waitUntilTold("failed")).toMatchObject({
      attempt: 1,
      message: "Exit code 1, without any output",
    });
  });

  it("is told of a cancel", async () => {
    await worker.start();
    const run = await start("wait");
    await waitForStatus(run, "RUNNING");
    const executionId = run.ids.a ?? "";
    await cancelExecution(test.db, { executionId, force: false, actor: person });
    expect(await waitUntilTold("cancelled")).toMatchObject({ attempt: 1, message: null });
  });

  it("is told of an attempt that is given back before the worker ends", async () => {
    await worker.start();
    const run = await start("wait");
    await waitForStatus(run, "RUNNING");
    await worker.stop({ now: false });
    expect(told).toMatchObject([{ attempt: 1, outcome: "released" }]);
  });

  it("is told by the worker that lost an attempt to the sweep of another", async () => {
    await worker.start();
    const run = await start("wait");
    await waitForStatus(run, "RUNNING");
    await test.sql.begin(async (sql) => {
      // Under the lock of the run, so that no heartbeat of the worker comes in between.
      await sql`select 1 from executions where run_id = ${run.runId} for update`;
      await sql`update executions set lease_expires_at = now() - interval '1 s' where run_id = ${run.runId}`;
    });
    await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" });
    expect(await waitUntilTold("lost")).toMatchObject({ attempt: 1 });
  });

  it("is told by the sweep of an attempt whose worker is gone", async () => {
    const gone = await addWorker(test.db);
    await start("true");
    const [claimed] = await gone.claim(1);
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${claimed?.executionId ?? ""}`;
    await worker.start();
    expect(await waitUntilTold("swept")).toMatchObject({
      taskKey: "a",
      attempt: 1,
      message: "The worker stopped answering before the attempt ended.",
    });
    expect(await waitUntilTold("completed")).toMatchObject({ attempt: 2 });
  });
});
