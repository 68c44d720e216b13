import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addProject,
  addWorker,
  completed,
  person,
  taskFields,
} from "@/lib/testing/engine-factories";
import { createTask } from "./create-task";
import { TaskExecutionEngine } from "./task-execution-engine";

let test: TestDatabase;
let engine: TaskExecutionEngine;
let projectId: string;
const taskIds: string[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  engine = new TaskExecutionEngine({ databaseUrl: test.url });
  await engine.initialise();
  projectId = await addProject(test.db);
  for (const key of ["a", "b", "c"]) {
    const { taskId } = await createTask(test.db, {
      projectId,
      task: taskFields(key),
      actor: person,
    });
    taskIds.push(taskId);
  }
});
afterAll(async () => {
  await engine.shutdown();
  await test.close();
});

it("is usable only between initialise and shutdown, and both may be called twice", async () => {
  const other = new TaskExecutionEngine({ databaseUrl: test.url });
  await expect(other.getExecutionStats()).rejects.toThrow(/not initialised/);
  await other.initialise();
  await other.initialise();
  expect(await other.getExecutionStats()).toMatchObject({ queue_length: expect.any(Number) });
  await other.shutdown();
  await other.shutdown();
  await expect(other.getExecutionStats()).rejects.toThrow(/not initialised/);
});

it("schedules a task with the specification's defaults and does not change its input", async () => {
  const input = Object.freeze({
    taskId: taskIds[0],
    overrides: Object.freeze({ priority: "HIGH", metadata: { team: "x" } }),
  });
  const { executions } = await engine.scheduleTask(input);
  const execution = await engine.getExecution(executions[0]?.executionId ?? "");
  expect(execution).toMatchObject({
    status: "SCHEDULED",
    priority: "HIGH",
    workflowType: "containerized_workflow",
    timeoutSeconds: 3600,
    metadata: { team: "x" },
    retryPolicy: { retryStrategy: "EXPONENTIAL_BACKOFF", maxRetries: 3, retryDelaySeconds: 5 },
  });
});

it("schedules a task as it is defined just as with an override that changes nothing", async () => {
  const rowsOf = async (runId: string) => ({
    run: await test.sql`
      select to_jsonb(r) - '{id, created_at}'::text[] as row from runs r where id = ${runId}`,
    executions: await test.sql`
      select to_jsonb(e) - '{id, run_id, created_at, ready_at, due_at, scheduled_at}'::text[] as row, ready_at = due_at as is_ready,
        scheduled_at = due_at as is_at_once
      from executions e where run_id = ${runId}`,
    events: await test.sql`
      select to_jsonb(v) - '{event_id, execution_id, at}'::text[] as row from execution_events v
        join executions e on e.id = v.execution_id where run_id = ${runId}`,
  });
  const scheduledAt = new Date(Date.now() + 60_000).toISOString();
  for (const more of [{}, { scheduledAt }]) {
    const plain = await engine.scheduleTask({ taskId: taskIds[0], ...more });
    const overrides = { priority: "MEDIUM" };
    const changed = await engine.scheduleTask({ taskId: taskIds[0], overrides, ...more });
    expect(await rowsOf(plain.runId)).toEqual(await rowsOf(changed.runId));
    const differing = { runId: "", executions: [] };
    expect({ ...plain, ...differing }).toEqual({ ...changed, ...differing });
    expect(plain.order).toEqual(["a"]);
  }
});

it("gives executions greater ids than their run, which lists rely on", async () => {
  const [a, b] = taskIds;
  const runs = [
    await engine.scheduleTask({ taskId: a }),
    await engine.scheduleTask({ taskId: a, overrides: { priority: "LOW" } }),
    await engine.scheduleTaskGraph({
      projectId,
      tasks: [{ taskId: a }, { taskId: b, dependsOn: [a] }],
    }),
  ];
  for (const { runId, executions } of runs)
    for (const { executionId } of executions) expect(executionId > runId).toBe(true);
});

it("schedules a batch and reports the items that cannot be started", async () => {
  const unknown = "00000000-0000-7000-8000-000000000000";
  const items = [
    { taskId: taskIds[0] },
    { taskId: unknown },
    { taskId: taskIds[0] },
    { taskId: taskIds[1], overrides: { workflowParams: { image: "-v" } } },
  ];
  const { successful, failed } = await engine.scheduleTaskBatch({ projectId, items });
  expect(successful.map(({ taskKey }) => taskKey)).toEqual(["a", "a.2"]);
  expect(failed).toEqual([
    { taskId: unknown, error: expect.stringContaining(unknown) },
    { taskId: taskIds[1], error: expect.stringContaining("image") },
  ]);
});

it("schedules a graph all or nothing and returns the order", async () => {
  const [a, b, c] = taskIds;
  const before = await test.sql`select count(*) from executions`;
  await expect(
    engine.scheduleTaskGraph({
      projectId,
      tasks: [
        { taskId: a, dependsOn: [c] },
        { taskId: b, dependsOn: [a] },
        { taskId: c, dependsOn: [b] },
      ],
    }),
  ).rejects.toMatchObject({ code: "cycle", message: expect.stringMatching(/a → b → c → a/) });
  expect(await test.sql`select count(*) from executions`).toEqual(before);

  const run = await engine.scheduleTaskGraph({
    projectId,
    tasks: [{ taskId: c, dependsOn: [b] }, { taskId: b, dependsOn: [a] }, { taskId: a }],
  });
  expect(run.order).toEqual(["a", "b", "c"]);
  expect(run.executions.map(({ status }) => status).sort()).toEqual([
    "PENDING",
    "PENDING",
    "SCHEDULED",
  ]);
});

it("answers a repeated request with the same run, and refuses another one under its key", async () => {
  const request = { taskId: taskIds[0], idempotencyKey: "nightly-1" };
  const [first, ...others] = await Promise.all(
    Array.from({ length: 8 }, () => engine.scheduleTask(request)),
  );
  for (const other of others) expect(other.runId).toBe(first?.runId);
  expect([first, ...others].filter((run) => run?.created)).toHaveLength(1);
  await expect(engine.scheduleTask({ ...request, taskId: taskIds[1] })).rejects.toMatchObject({
    code: "idempotency_conflict",
  });
});

it("lists by status, task, limit and offset, cancels, and counts", async () => {
  const { executions } = await engine.scheduleTask({ taskId: taskIds[2] });
  const executionId = executions[0]?.executionId ?? "";
  expect(await engine.cancelExecution({ executionId })).toEqual({
    status: "CANCELLED",
    requested: false,
  });

  const cancelled = await engine.listExecutions({
    status: ["CANCELLED"],
    taskId: taskIds[2] ?? "",
  });
  expect(cancelled.map((execution) => execution.executionId)).toContain(executionId);
  const [first, second] = await engine.listExecutions({ limit: 2 });
  expect(await engine.listExecutions({ limit: 1, offset: 1 })).toEqual([second]);
  expect(first?.executionId).toBe(executionId);

  const worker = await addWorker(test.db);
  const [claimed] = await worker.claim(1);
  if (!claimed) throw new Error("nothing to claim");
  await worker.end(claimed, completed);
  const stats = await engine.getExecutionStats();
  expect(stats).toMatchObject({ successful_executions: 1, running_count: 0 });
  expect(stats.total_executions).toBe(
    Object.values(stats.status_counts).reduce((sum, n) => sum + n, 0),
  );
});

it("refuses input that does not fit, in words", async () => {
  await expect(engine.scheduleTask({ taskId: "7" })).rejects.toMatchObject({
    code: "invalid",
    details: [{ path: "taskId" }],
  });
  await expect(
    engine.scheduleTask({ taskId: taskIds[0], status: "COMPLETED" }),
  ).rejects.toMatchObject({ code: "invalid" });
  await expect(engine.getExecution("no-id")).rejects.toMatchObject({ code: "invalid" });
});
