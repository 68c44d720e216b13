import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getGraph } from "@/lib/db/queries/graphs";
import { listPools } from "@/lib/db/queries/pools";
import { getTask } from "@/lib/db/queries/tasks";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  createDrawnGraph,
  createPool,
  createProject,
  insertRun,
  makeTaskFields,
  PERSON,
} from "@/lib/testing/factories";
import { createPool as createPoolRow } from "./create-pool";
import { createTask } from "./create-task";
import { deletePool } from "./delete-pool";
import { deleteProject } from "./delete-project";
import { runGraph } from "./run-graph";
import { saveGraph } from "./save-graph";
import { scheduleTask } from "./schedule-task";
import { scheduleTaskBatch } from "./schedule-task-batch";
import { updatePool } from "./update-pool";
import { updateTask } from "./update-task";

let test: TestDatabase;
let projectId: string;
let poolId: string;

beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  projectId = await createProject(test.db);
  poolId = await createPool(test.db, { projectId, name: "db", slots: 2 });
});
afterAll(() => test.close());

const actor = PERSON;
const pools = () => listPools(test.db, { projectId });

function refusal(code: string, message: RegExp) {
  return expect.objectContaining({ code, message: expect.stringMatching(message) });
}

async function addTask(fields: { pool?: string | null; poolKey?: string | null } = {}) {
  const task = makeTaskFields({ key: `k${uuidv7()}`, name: "Load", ...fields });
  return createTask(test.db, { projectId, task, actor });
}

describe("a pool", () => {
  it("is created, shown, changed in part and deleted", async () => {
    await updatePool(test.db, { projectId, poolId, slots: 5, actor });
    expect(await pools()).toEqual([
      {
        poolId,
        name: "db",
        description: "",
        slots: 5,
        slotsUsed: 0,
        keysUsed: 0,
        waiting: 0,
        taskCount: 0,
      },
    ]);

    await updatePool(test.db, { projectId, poolId, name: "DB", description: "d", actor });
    expect(await pools()).toMatchObject([{ name: "DB", slots: 5, description: "d" }]);

    await deletePool(test.db, { projectId, poolId, actor });
    expect(await pools()).toEqual([]);
  });

  it("shows what runs and what waits in it", async () => {
    const inPool = (poolKey: string) => ({ poolId, poolKey });
    await insertRun(test.db, {
      projectId,
      executions: [
        { status: "RUNNING", ...inPool("a") },
        { status: "PREPARING", ...inPool("b") },
        { status: "RUNNING", ...inPool("") },
        { status: "SCHEDULED", ...inPool("a") },
        { status: "RETRYING", ...inPool("") },
        { status: "COMPLETED", ...inPool("a") },
        { status: "PAUSED", ...inPool("a") },
        { status: "RUNNING" },
      ],
    });

    expect(await pools()).toMatchObject([{ slotsUsed: 3, keysUsed: 2, waiting: 2 }]);
  });

  it("is refused under a name that another one of the project has", async () => {
    const create = () =>
      createPoolRow(test.db, { projectId, name: "db", slots: 1, description: "", actor });
    await expect(create()).rejects.toEqual(refusal("conflict", /a pool named "db"/));

    const other = await createPool(test.db, { projectId });
    const rename = updatePool(test.db, { projectId, poolId: other, name: "db", actor });
    await expect(rename).rejects.toEqual(refusal("conflict", /a pool named "db"/));
  });

  it("belongs to its project alone", async () => {
    const stranger = await createProject(test.db);

    await expect(
      updatePool(test.db, { projectId: stranger, poolId, slots: 9, actor }),
    ).rejects.toEqual(refusal("not_found", /Pool/));
    await expect(deletePool(test.db, { projectId: stranger, poolId, actor })).rejects.toEqual(
      refusal("not_found", /Pool/),
    );
    const task = makeTaskFields({ key: "t", pool: "db" });
    await expect(createTask(test.db, { projectId: stranger, task, actor })).rejects.toEqual(
      refusal("invalid", /no pool named "db"/),
    );
    expect(await listPools(test.db, { projectId: uuidv7() })).toBeNull();
  });

  it("stays while tasks use it, and goes with its project", async () => {
    await addTask({ pool: "db" });

    await expect(deletePool(test.db, { projectId, poolId, actor })).rejects.toEqual(
      refusal("conflict", /used by the task "Load"/),
    );
    await deleteProject(test.db, { projectId, actor });

    expect(await test.sql`select from pools where id = ${poolId}`).toHaveLength(0);
  });
});

describe("a task", () => {
  it("keeps its pool when that is renamed, and its version too", async () => {
    const { taskId } = await addTask({ pool: "db", poolKey: "a" });
    await updatePool(test.db, { projectId, poolId, name: "Warehouse", actor });

    const stored = await getTask(test.db, { taskId });
    expect(stored).toMatchObject({ version: 1, task: { pool: "Warehouse", poolKey: "a" } });

    const task = makeTaskFields({ ...stored?.task, key: "k", pool: null, poolKey: null });
    await updateTask(test.db, { taskId, version: 1, task, actor });
    expect(await getTask(test.db, { taskId })).toMatchObject({ task: { pool: null } });
  });

  it("is drawn with its pool, saved unchanged as it was, and refused with one that is none", async () => {
    const fields = { a: { pool: "db", poolKey: "x" } };
    const drawn = await createDrawnGraph(test.db, { projectId, tasks: { a: [], b: [] }, fields });
    const { graphId } = drawn;
    const graph = await getGraph(test.db, { graphId });
    if (!graph) throw new Error("there is no graph");
    expect(graph.nodes.map(({ task }) => [task.key, task.pool, task.poolKey])).toEqual([
      ["a", "db", "x"],
      ["b", null, null],
    ]);

    const { taskVersions } = await saveGraph(test.db, { ...graph, actor });
    expect(Object.values(taskVersions)).toEqual([1, 1]);

    const nodes = graph.nodes.map((node) => ({ ...node, task: { ...node.task, pool: "gone" } }));
    await expect(
      saveGraph(test.db, { ...graph, version: graph.version + 1, nodes, actor }),
    ).rejects.toMatchObject({
      code: "invalid",
      details: [{ path: "nodes[0].task.pool" }, { path: "nodes[1].task.pool" }],
    });
  });
});

describe("an execution", () => {
  const placeOf = async (executionId = "") => {
    const [row] = await test.sql`
      select pool_id as "poolId", pool_key as "poolKey" from executions where id = ${executionId}`;
    return row;
  };

  it.each<[string, ExecutionOverrides, "db" | "other" | null, string | null]>([
    ["its task's", {}, "db", "task"],
    ["another pool", { pool: "other" }, "other", "task"],
    ["another key", { poolKey: "own" }, "db", "own"],
    ["no key", { poolKey: null }, "db", ""],
    ["no pool", { pool: null }, null, null],
  ])("takes %s", async (_, overrides, pool, poolKey) => {
    const other = await createPool(test.db, { projectId, name: "other" });
    const { taskId } = await addTask({ pool: "db", poolKey: "task" });

    const run = await scheduleTask(test.db, { taskId, overrides, actor });

    const ids = { db: poolId, other };
    const expected = { poolId: pool && ids[pool], poolKey };
    expect(await placeOf(run.executions[0]?.executionId)).toEqual(expected);
  });

  it("takes a snapshot of its task's", async () => {
    const fields = { a: { pool: "db" } };
    const drawn = await createDrawnGraph(test.db, { projectId, tasks: { a: [] }, fields });
    const run = await runGraph(test.db, { graphId: drawn.graphId, actor });
    await updateTask(test.db, {
      taskId: drawn.taskIds.a ?? "",
      version: 1,
      task: makeTaskFields({ key: "a" }),
      actor,
    });

    expect(await placeOf(run.executions[0]?.executionId)).toEqual({ poolId, poolKey: "" });
  });

  it("is refused with a pool that is none and with a key for none", async () => {
    const { taskId } = await addTask();
    const schedule = (overrides: ExecutionOverrides) =>
      scheduleTask(test.db, { taskId, overrides, actor });

    await expect(schedule({ pool: "gone" })).rejects.toEqual(
      refusal("invalid", /no pool named "gone"/),
    );
    await expect(schedule({ poolKey: "a" })).rejects.toEqual(
      refusal("invalid", /key belongs to a pool/),
    );
    const items = [{ pool: "gone" }, { poolKey: "a" }, { pool: "db", poolKey: "a" }, {}];
    const batch = await scheduleTaskBatch(test.db, {
      projectId,
      items: items.map((overrides) => ({ taskId, overrides })),
      actor,
    });
    expect(batch.failed).toHaveLength(2);
    expect(batch.successful).toHaveLength(2);
  });
});
