import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempts, executionDependencies, executionEvents } from "@/lib/db/schema/executions";
import { executionStatuses } from "@/lib/domain/status";
import type { ExecutionSummary, Page } from "@/lib/domain/views";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject, insertRun, insertWorker } from "@/lib/testing/factories";
import { countExecutions, getExecution, listExecutions } from "./executions";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const keysOf = ({ items }: Page<ExecutionSummary>) => items.map(({ taskKey }) => taskKey);
const failure = { class: "exit", message: "Exit code 1\nmore", exitCode: 1, signal: null } as const;

describe("listExecutions", () => {
  it("shows an execution with the names of its run, project and worker", async () => {
    const projectId = await createProject(test.db, "Shown");
    const workerId = await insertWorker(test.db, { name: "host:1" });
    const { runId, executionIds } = await insertRun(test.db, {
      projectId,
      name: "Nightly",
      executions: [
        { status: "RUNNING", workerId, taskKey: "a", taskName: "A", priority: 3 },
        { status: "FAILED", taskKey: "b", error: failure, reason: "retries_used_up" },
      ],
    });

    const { items, next } = await listExecutions(test.db, { projectId, limit: 10 });

    expect(next).toBeNull();
    expect(items).toMatchObject([
      {
        executionId: executionIds[1],
        status: "FAILED",
        reason: "retries_used_up",
        errorMessage: "Exit code 1",
        workerName: null,
        finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
      {
        executionId: executionIds[0],
        runId,
        runName: "Nightly",
        projectName: "Shown",
        taskName: "A",
        priority: "CRITICAL",
        workerName: "host:1",
        errorMessage: null,
        finishedAt: null,
      },
    ]);
  });

  it("pages through everything, newest first, without a gap or a repeat while rows are added", async () => {
    const projectId = await createProject(test.db);
    const facts = Array.from({ length: 25 }, (_, i) => ({
      status: "SCHEDULED" as const,
      taskKey: `k${i}`,
    }));
    const { executionIds } = await insertRun(test.db, { projectId, executions: facts });

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<ExecutionSummary> = await listExecutions(test.db, {
        projectId,
        limit: 10,
        cursor,
      });
      seen.push(...page.items.map(({ executionId }) => executionId));
      cursor = page.next ?? undefined;
      await insertRun(test.db, { projectId, executions: [{ status: "SCHEDULED" }] });
    } while (cursor);

    expect(seen).toEqual(executionIds.toReversed());
  });

  it("has no next page when the last one is exactly full", async () => {
    const projectId = await createProject(test.db);
    const facts = [1, 2].map((n) => ({ status: "SCHEDULED" as const, taskKey: `k${n}` }));
    await insertRun(test.db, { projectId, executions: facts });

    expect((await listExecutions(test.db, { projectId, limit: 2 })).next).toBeNull();
    expect((await listExecutions(test.db, { projectId, limit: 1 })).next).not.toBeNull();
  });

  it.each(["", "junk", "1", "' or true --", "0190f5fe-7c00-7a00-8000-00000000000g"])(
    "takes only a cursor that is an id: %j",
    async (cursor) => {
      const list = listExecutions(test.db, { cursor, limit: 10 });

      if (cursor === "") await expect(list).resolves.toMatchObject({ items: expect.any(Array) });
      else await expect(list).rejects.toMatchObject({ code: "invalid", name: "EngineError" });
    },
  );

  it("narrows by every filter, alone and together", async () => {
    const projectId = await createProject(test.db);
    const tasks = { a: [], b: [] };
    const { graphId, taskIds } = await createDrawnGraph(test.db, { projectId, tasks });
    const drawn = await insertRun(test.db, {
      projectId,
      graphId,
      executions: [
        { taskId: taskIds.a, taskKey: "a", status: "COMPLETED", priority: 0 },
        { taskId: taskIds.b, taskKey: "b", status: "FAILED", priority: 2 },
      ],
    });
    const single = { taskId: taskIds.a, taskKey: "a2", status: "FAILED" } as const;
    await insertRun(test.db, { projectId, executions: [single] });
    const list = async (filter: Parameters<typeof countExecutions>[1] & { status?: "FAILED"[] }) =>
      keysOf(await listExecutions(test.db, { projectId, limit: 10, ...filter }));

    expect(await list({})).toEqual(["a2", "b", "a"]);
    expect(await list({ status: ["FAILED"] })).toEqual(["a2", "b"]);
    expect(await list({ status: [] })).toEqual(["a2", "b", "a"]);
    expect(await list({ graphId })).toEqual(["b", "a"]);
    expect(await list({ runId: drawn.runId })).toEqual(["b", "a"]);
    expect(await list({ taskId: taskIds.a })).toEqual(["a2", "a"]);
    expect(await list({ priority: ["LOW", "HIGH"] })).toEqual(["b", "a"]);
    expect(await list({ graphId, status: ["FAILED"], priority: ["LOW"] })).toEqual([]);
    expect(await list({ projectId: uuidv7() })).toEqual([]);
  });

  it("searches names, keys and run names for the text itself, in either case", async () => {
    const projectId = await createProject(test.db);
    const status = "SCHEDULED";
    await insertRun(test.db, {
      projectId,
      name: "Quarterly",
      executions: [
        { status, taskKey: "one", taskName: "100% done" },
        { status, taskKey: "two", taskName: "100 done" },
        { status, taskKey: "under_score", taskName: "x" },
        { status, taskKey: "underXscore", taskName: String.raw`back\slash` },
      ],
    });
    const find = async (text: string) =>
      keysOf(await listExecutions(test.db, { projectId, text, limit: 10 }));

    expect(await find("100%")).toEqual(["one"]);
    expect(await find("UNDER_")).toEqual(["under_score"]);
    expect(await find(String.raw`k\s`)).toEqual(["underXscore"]);
    expect(await find("%")).toEqual(["one"]);
    expect(await find("quarter")).toHaveLength(4);
    expect(await find("'; drop table executions; --")).toEqual([]);
  });

  it("pages by number for programs", async () => {
    const projectId = await createProject(test.db);
    const facts = ["a", "b", "c"].map((taskKey) => ({ status: "SCHEDULED" as const, taskKey }));
    await insertRun(test.db, { projectId, executions: facts });

    const page = await listExecutions(test.db, { projectId, limit: 1, offset: 1 });

    expect(keysOf(page)).toEqual(["b"]);
  });
});

describe("countExecutions", () => {
  it("names every status under the same filters", async () => {
    const projectId = await createProject(test.db);
    const facts = executionStatuses.map((status) => ({ status, taskKey: status }));
    await insertRun(test.db, { projectId, executions: [...facts, { status: "FAILED" }] });
    const ones = Object.fromEntries(executionStatuses.map((status) => [status, 1]));

    expect(await countExecutions(test.db, { projectId })).toEqual({
      counts: { ...ones, FAILED: 2 },
      ofNewest: null,
    });
    expect(await countExecutions(test.db, { projectId, text: "FAILED" })).toEqual({
      counts: {
        ...Object.fromEntries(executionStatuses.map((status) => [status, 0])),
        FAILED: 1,
      },
      ofNewest: null,
    });
  });
});

describe("getExecution", () => {
  it("shows attempts, history, neighbours and the chain of causes", async () => {
    const projectId = await createProject(test.db);
    const workerId = await insertWorker(test.db, { name: "host:2" });
    const ids = [uuidv7(), uuidv7(), uuidv7()] as const;
    const [a, b, c] = ids;
    const upstream = { reason: "upstream_failed", status: "CANCELLED" } as const;
    await insertRun(test.db, {
      projectId,
      executions: [
        { id: a, taskName: "A", status: "FAILED", reason: "no_retries", error: failure },
        { id: b, taskName: "B", ...upstream, causeExecutionId: a },
        { id: c, taskName: "C", ...upstream, causeExecutionId: b },
      ],
    });
    await test.db.insert(executionDependencies).values([
      { executionId: b, dependsOnId: a },
      { executionId: c, dependsOnId: b },
    ]);
    await test.db.insert(attempts).values({
      executionId: b,
      attempt: 1,
      leaseToken: uuidv7(),
      workerId,
      runner: "process",
      claimedAt: new Date(),
      endedAt: new Date(),
      outcome: "FAILED",
      error: failure,
    });
    const event = { executionId: b, attempt: 1 };
    await test.db.insert(executionEvents).values([
      { ...event, toStatus: "PENDING", actorType: "person", actorId: "tester" },
      {
        ...event,
        fromStatus: "PENDING",
        toStatus: "SCHEDULED",
        actorType: "worker",
        actorId: workerId,
      },
      {
        ...event,
        fromStatus: "SCHEDULED",
        toStatus: "CANCELLED",
        actorType: "system",
        actorId: "engine",
        causeExecutionId: a,
      },
    ]);

    const detail = await getExecution(test.db, { executionId: b });

    expect(detail).toMatchObject({
      executionId: b,
      workflowParams: { image: "alpine:3.20" },
      retryPolicy: { retryStrategy: "EXPONENTIAL_BACKOFF", maxRetries: 3 },
      timeoutSeconds: 3600,
      explanation: null,
      dependsOn: [{ executionId: a, taskName: "A", status: "FAILED" }],
      dependents: [{ executionId: c, taskName: "C", status: "CANCELLED" }],
      attempts: [{ attempt: 1, workerName: "host:2", outcome: "FAILED", error: failure }],
      events: [
        { toStatus: "PENDING", actor: { type: "person", id: "tester" }, actorName: "tester" },
        { toStatus: "SCHEDULED", actor: { type: "worker", id: workerId }, actorName: "host:2" },
        { toStatus: "CANCELLED", actorName: "engine", causeExecutionId: a, causeTaskName: "A" },
      ],
      causeChain: [
        { executionId: a, taskName: "A", reason: "no_retries", errorMessage: "Exit code 1" },
      ],
    });
    const last = await getExecution(test.db, { executionId: c });
    expect(last?.causeChain.map(({ taskName }) => taskName)).toEqual(["B", "A"]);
    expect(await getExecution(test.db, { executionId: uuidv7() })).toBeNull();
  });
});
