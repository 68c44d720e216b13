import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executionDependencies } from "@/lib/db/schema/executions";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject, insertRun } from "@/lib/testing/factories";
import { getRunState, getRunStructure, listRuns } from "./runs";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

describe("listRuns", () => {
  it("shows runs newest first, narrowed by every filter", async () => {
    const projectId = await createProject(test.db, "P");
    const { graphId } = await createDrawnGraph(test.db, { projectId, tasks: {} });
    const [first, second, third] = [
      await insertRun(test.db, {
        projectId,
        name: "50% off",
        executions: [{ status: "COMPLETED" }],
      }),
      await insertRun(test.db, { projectId, graphId, executions: [{ status: "RUNNING" }] }),
      await insertRun(test.db, { projectId, graphId, executions: [{ status: "TIMEOUT" }] }),
    ].map(({ runId }) => runId);
    const list = async (filter: Partial<Parameters<typeof listRuns>[1]>) =>
      (await listRuns(test.db, { projectId, limit: 10, ...filter })).items.map((run) => run.runId);

    expect(await list({})).toEqual([third, second, first]);
    expect(await list({ graphId })).toEqual([third, second]);
    expect(await list({ status: ["COMPLETED", "FAILED"] })).toEqual([third, first]);
    expect(await list({ text: "50%" })).toEqual([first]);
    expect(await list({ text: "5_%" })).toEqual([]);
    expect(await list({ cursor: third })).toEqual([second, first]);
    await expect(list({ cursor: "x" })).rejects.toMatchObject({ code: "invalid" });
    const { items, next } = await listRuns(test.db, { projectId, limit: 1 });
    expect(next).toBe(third);
    expect(items).toMatchObject([
      {
        projectName: "P",
        graphId,
        source: "graph",
        status: "FAILED",
        counts: { total: 1, completed: 0, failed: 1, cancelled: 0 },
        pausedAt: null,
      },
    ]);
  });
});

describe("one run", () => {
  it("is read as what changes and what never does", async () => {
    const projectId = await createProject(test.db);
    const [a, b] = [uuidv7(), uuidv7()];
    const { runId } = await insertRun(test.db, {
      projectId,
      executions: [
        { id: a, status: "RETRYING", taskKey: "a", taskName: "A", x: 1, y: 2, priority: 2 },
        { id: b, status: "PENDING", taskKey: "b", maxRetries: 7 },
      ],
    });
    await test.db.insert(executionDependencies).values({ executionId: b, dependsOnId: a });

    const state = await getRunState(test.db, { runId });
    const structure = await getRunStructure(test.db, { runId });

    expect(state).toMatchObject({
      run: { runId, status: "RUNNING", counts: { total: 2 } },
      executions: [
        { executionId: a, status: "RETRYING", attempt: 1, errorMessage: null },
        { executionId: b, status: "PENDING", unfinishedDependencies: 1, startedAt: null },
      ],
      now: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(structure).toMatchObject({
      executions: [
        { executionId: a, taskKey: "a", taskName: "A", priority: "HIGH", x: 1, y: 2 },
        { executionId: b, taskKey: "b", maxRetries: 7, x: null },
      ],
      dependencies: [{ executionId: b, dependsOnId: a }],
    });
  });

  it("is null when it does not exist", async () => {
    const runId = uuidv7();

    expect(await getRunState(test.db, { runId })).toBeNull();
    expect(await getRunStructure(test.db, { runId })).toBeNull();
  });
});
