import "@/lib/testing/next-environment";

import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveGraphAction } from "@/lib/actions/graphs";
import { callAction } from "@/lib/testing/action-request";
import { callRoute } from "@/lib/testing/call-route";
import type { TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject } from "@/lib/testing/factories";
import { countRows, createWebDatabase } from "@/lib/testing/web";
import { POST as postGraphRun } from "./graphs/[graphId]/runs/route";
import { POST as postRun } from "./runs/route";

const TASKS = ["a", "b", "c", "d", "constructor", "toString", "hasOwnProperty"];

let database: TestDatabase;
let projectId: string;
let graphId: string;
let taskIds: Record<string, string>;
let foreignTaskId: string;

beforeAll(async () => {
  database = await createWebDatabase();
  const { db } = database;
  projectId = await createProject(db);
  const tasks = Object.fromEntries(TASKS.map((key) => [key, []]));
  ({ graphId, taskIds } = await createDrawnGraph(db, { projectId, tasks }));
  const other = await createDrawnGraph(db, {
    projectId: await createProject(db),
    tasks: { foreign: [] },
  });
  foreignTaskId = other.taskIds.foreign ?? "";
});
afterAll(() => database.close());

function idOf(key: string): string {
  return taskIds[key] ?? key;
}

/** A graph by keys: `{ a: ["b"] }` is "a waits for b". A key that is no task's is taken for an id. */
type Shape = Record<string, string[]>;

/** Starts the graph by the route for programs. */
async function start(shape: Shape) {
  const tasks = Object.entries(shape).map(([key, dependsOn]) => ({
    taskId: idOf(key),
    dependsOn: dependsOn.map(idOf),
  }));
  const { code, body } = await callRoute(postRun, { body: { projectId, tasks } });
  return { code: code ?? "accepted", told: JSON.stringify(body) };
}

function nodeOf(key: string, taskId: string, taskVersion: number) {
  const workflowParams = { image: "alpine", command: ["true"] };
  return { taskId, taskVersion, x: 0, y: 0, task: { key, name: key, workflowParams } };
}

async function save(nodes: unknown[], dependencies: unknown[], version = 1) {
  const result = await callAction(saveGraphAction, {
    graphId,
    version,
    name: "Graph",
    nodes,
    dependencies,
  });
  const code = result.ok ? "accepted" : result.error.code;
  const details = result.ok ? [] : result.error.details;
  return { code, details, told: JSON.stringify(result) };
}

/** Saves the graph by the editor's action; each task is new. */
function draw(shape: Shape) {
  const ids = new Map(Object.keys(shape).map((key) => [key, uuidv7()]));
  const idFor = (key: string) => ids.get(key) ?? key;
  const nodes = Object.keys(shape).map((key) => nodeOf(key, idFor(key), 0));
  const dependencies = Object.entries(shape).flatMap(([key, dependsOn]) =>
    dependsOn.map((other) => ({ taskId: idFor(key), dependsOnTaskId: idFor(other) })),
  );
  return save(nodes, dependencies);
}

const refused: [name: string, shape: Shape, code: string][] = [
  ["a task that waits for itself", { a: ["a"] }, "cycle"],
  ["two that wait for each other", { a: ["b"], b: ["a"] }, "cycle"],
  ["a task that is not there", { a: [uuidv7()] }, "unknown_dependency"],
];

describe.each([
  ["the start of a graph", start],
  ["the drawing of a graph", draw],
])("%s", (_, send) => {
  it.each(refused)("refuses %s, and writes nothing", async (_name, shape, code) => {
    const rows = await countRows(database);

    expect((await send(shape)).code).toBe(code);
    expect(await countRows(database)).toEqual(rows);
  });

  it("names the whole cycle, by keys", async () => {
    const { told } = await send({ a: ["c"], b: ["a"], c: ["b"] });

    expect(told).toMatch(/a → [bc] → [bc] → a/);
  });
});

describe("the start of a graph", () => {
  it("refuses an empty one", async () => {
    expect((await start({})).code).toBe("empty");
  });

  it("tells no difference between a foreign task and one that does not exist", async () => {
    const unknown = uuidv7();
    const strange = await start({ [unknown]: [] });
    const foreign = await start({ [foreignTaskId]: [] });

    expect(strange.code).toMatch(/^(unknown_task|not_found)$/);
    expect(foreign.told.replaceAll(foreignTaskId, unknown)).toBe(strange.told);
  });

  it("takes a dependency that is given twice for one", async () => {
    const { code, told } = await start({ a: ["b", "b"], b: [] });
    const waiting = await database.sql`
      select unfinished_dependencies as count from executions where task_key = 'a'`;

    expect(code === "accepted" ? waiting.map(({ count }) => count) : [1], told).toEqual([1]);
  });

  it("takes one task, and tasks named like what every object has", async () => {
    expect((await start({ d: [] })).code).toBe("accepted");
    expect((await start({ toString: ["constructor"], constructor: [] })).code).toBe("accepted");
  });

  it("refuses a task that is given twice", async () => {
    const task = { taskId: idOf("a") };
    const { code } = await callRoute(postRun, { body: { projectId, tasks: [task, task] } });

    expect(code).toBe("duplicate_key");
  });

  it("refuses 10,001 tasks and 50,001 dependencies before it asks the database", async () => {
    const many = Array.from({ length: 10_001 }, () => ({ taskId: uuidv7() }));
    const hub = uuidv7();
    const dense = Array.from({ length: 51 }, () => ({
      taskId: uuidv7(),
      dependsOn: Array(1000).fill(hub),
    }));

    const tooMany = await callRoute(postRun, { body: { projectId, tasks: many } });
    const tooDense = await callRoute(postRun, { body: { projectId, tasks: dense } });

    expect(tooMany).toMatchObject({ status: 422, code: "too_many_tasks" });
    expect(tooDense).toMatchObject({ status: 422, code: "too_many_dependencies" });
  });

  it("refuses a version other than the one that was seen", async () => {
    const params = { graphId };
    const answer = await callRoute(postGraphRun, { params, body: { version: 1 } });

    expect(answer).toMatchObject({ status: 409, code: "version_conflict" });
  });
});

describe("the drawing of a graph", () => {
  it("refuses a cycle of 5,000 tasks in a message that can be read", async () => {
    const keys = Array.from({ length: 5_000 }, (_, i) => `k${i}`);
    const shape = Object.fromEntries(keys.map((key, i) => [key, [keys[(i + 1) % 5_000] ?? ""]]));

    const { code, told } = await draw(shape);

    expect(code).toBe("cycle");
    expect(told.length).toBeLessThan(2_000);
  });

  it("names each of two cycles", async () => {
    const { details } = await draw({ a: ["b"], b: ["a"], c: ["d"], d: ["c"] });

    expect(details.map((detail) => detail.code)).toEqual(["cycle", "cycle"]);
  });

  it("refuses a key that is used twice", async () => {
    const nodes = [nodeOf("twin", uuidv7(), 0), nodeOf("twin", uuidv7(), 0)];

    expect((await save(nodes, [], 2)).code).toBe("duplicate_key");
  });

  it("refuses a task of another project as if it did not exist", async () => {
    const unknown = uuidv7();
    const foreign = await save([nodeOf("foreign", foreignTaskId, 1)], [], 2);
    const strange = await save([nodeOf("foreign", unknown, 1)], [], 2);

    expect(foreign.code).not.toBe("accepted");
    expect(foreign.told.replaceAll(foreignTaskId, unknown)).toBe(strange.told);
  });

  it("refuses a drawing made from an older version", async () => {
    const rows = await countRows(database);

    expect((await save([nodeOf("fresh", uuidv7(), 0)], [], 1)).code).toBe("version_conflict");
    expect(await countRows(database)).toEqual(rows);
  });
});
