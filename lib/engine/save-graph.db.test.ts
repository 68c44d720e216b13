import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { getGraph } from "@/lib/db/queries/graphs";
import { EngineError } from "@/lib/domain/errors";
import type { GraphDetail } from "@/lib/domain/views";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject, makeTaskFields, PERSON } from "@/lib/testing/factories";
import { createTask } from "./create-task";
import { saveGraph } from "./save-graph";
import { updateTask } from "./update-task";

let test: TestDatabase;
let projectId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  projectId = await createProject(test.db);
});
afterAll(() => test.close());

/** The graph as the editor would send it back unchanged. */
async function open(graphId: string) {
  const graph = await getGraph(test.db, { graphId });
  if (!graph) throw new Error("the graph is gone");
  return toInput(graph);
}

function toInput({ graphId, version, name, description, nodes, dependencies }: GraphDetail) {
  return { graphId, version, name, description, nodes, dependencies, actor: PERSON };
}

async function newProjectGraph(tasks: Record<string, string[]>) {
  const project = await createProject(test.db);
  const graph = await createDrawnGraph(test.db, { projectId: project, tasks });
  return { projectId: project, ...graph };
}

function refusal(code: string, message: RegExp | string = "") {
  return expect.objectContaining({ code, message: expect.stringMatching(message) });
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error("it was not refused"),
    (error: unknown) => error,
  );
}

describe("a save", () => {
  it("stores name, tasks, places and dependencies as the next version", async () => {
    const { graphId, taskIds } = await newProjectGraph({ a: [], b: ["a"], c: ["a", "b"] });

    const graph = await getGraph(test.db, { graphId });

    expect(graph?.version).toBe(2);
    expect(graph?.nodes.map(({ task, x, taskVersion }) => [task.key, x, taskVersion])).toEqual([
      ["a", 0, 1],
      ["b", 320, 1],
      ["c", 640, 1],
    ]);
    expect(graph?.nodes[0]?.task).toEqual(makeTaskFields({ key: "a" }));
    expect(graph?.dependencies).toEqual([
      { taskId: taskIds.b, dependsOnTaskId: taskIds.a },
      { taskId: taskIds.c, dependsOnTaskId: taskIds.a },
      { taskId: taskIds.c, dependsOnTaskId: taskIds.b },
    ]);
  });

  it("leaves equal tasks untouched and raises the version of changed ones", async () => {
    const { graphId, taskIds } = await newProjectGraph({ a: [], b: ["a"] });
    const draft = await open(graphId);
    const [a, b] = draft.nodes;
    if (!a || !b) throw new Error("two nodes were drawn");

    const renamed = { ...b, task: { ...b.task, name: "Renamed", retryOnExitCodes: [1, 75] } };
    const saved = await saveGraph(test.db, { ...draft, nodes: [{ ...a, x: 5 }, renamed] });

    expect(saved).toEqual({
      graphId,
      version: 3,
      taskVersions: { [`${taskIds.a}`]: 1, [`${taskIds.b}`]: 2 },
    });
    const { nodes } = await open(graphId);
    expect(nodes).toEqual([
      { ...a, x: 5 },
      { ...renamed, taskVersion: 2 },
    ]);
  });

  it("keeps tasks that are no longer drawn in the project", async () => {
    const { graphId, taskIds } = await newProjectGraph({ a: [], b: ["a"] });
    const draft = await open(graphId);

    await saveGraph(test.db, { ...draft, nodes: draft.nodes.slice(0, 1), dependencies: [] });

    expect((await open(graphId)).nodes).toHaveLength(1);
    const kept = await test.sql`select key from tasks where id = ${`${taskIds.b}`}`;
    expect(kept).toEqual([{ key: "b" }]);
  });

  it("lets two tasks exchange their keys", async () => {
    const { graphId } = await newProjectGraph({ a: [], b: ["a"] });
    const draft = await open(graphId);
    const keys = ["b", "a"];

    const nodes = draft.nodes.map((n, i) => ({ ...n, task: { ...n.task, key: keys[i] ?? "" } }));
    await saveGraph(test.db, { ...draft, nodes });

    expect((await open(graphId)).nodes.map(({ task }) => task.key)).toEqual(["b", "a"]);
  });

  it("accepts an empty drawing", async () => {
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);

    await saveGraph(test.db, { ...draft, nodes: [], dependencies: [] });

    expect((await open(graphId)).nodes).toEqual([]);
  });

  it("keeps every version with its tasks as they were", async () => {
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);
    await saveGraph(test.db, { ...draft, name: "Other name", nodes: [] });

    const versions = await test.sql`
      select version, snapshot from graph_versions where graph_id = ${graphId} order by version`;

    expect(versions.map((v) => [v.version, v.snapshot.nodes.length])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
    expect(versions[1]?.snapshot.nodes[0].task).toEqual(makeTaskFields({ key: "a" }));
  });

  it("tells listeners that graphs changed", async () => {
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);
    const heard: string[] = [];
    const listening = await test.sql.listen("dagline_changes", (topic) => heard.push(topic));

    await saveGraph(test.db, draft);

    await vi.waitFor(() => expect(heard).toEqual(["graphs"]));
    await listening.unlisten();
  });
});

describe("a save is refused", () => {
  it("when somebody saved a newer version, and stores nothing", async () => {
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);
    await saveGraph(test.db, { ...draft, name: "First" });

    const error = await errorOf(saveGraph(test.db, { ...draft, name: "Second" }));

    expect(error).toEqual(refusal("version_conflict", /"First".*version 3 at 20\d\d-.*version 2/));
    expect((await open(graphId)).name).toBe("First");
  });

  it("for all but one of several saves at once", async () => {
    const { graphId } = await newProjectGraph({ a: [], b: [] });
    const draft = await open(graphId);

    const names = Array.from({ length: 8 }, (_, i) => `Save ${i}`);
    const saves = names.map((name) => saveGraph(test.db, { ...draft, name }));
    const answers = await Promise.allSettled(saves);

    const won = answers.flatMap((a, i) => (a.status === "fulfilled" ? [names[i]] : []));
    const lost = answers.flatMap((a) => (a.status === "rejected" ? [a.reason] : []));
    expect(won).toHaveLength(1);
    expect(lost.map((reason) => reason instanceof EngineError && reason.code)).toEqual(
      Array(7).fill("version_conflict"),
    );
    expect(await open(graphId)).toMatchObject({ version: 3, name: won[0] });
  });

  it("when a changed task was changed elsewhere, naming it", async () => {
    const { graphId, taskIds } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);
    const task = makeTaskFields({ key: "a", name: "Changed elsewhere" });
    await updateTask(test.db, { taskId: `${taskIds.a}`, version: 1, task, actor: PERSON });

    const error = await errorOf(saveGraph(test.db, draft));

    const said = /"a" \(now "Changed elsewhere"\).*version 2/;
    expect(error).toEqual(refusal("version_conflict", said));
    expect((await open(graphId)).version).toBe(2);
  });

  it("when the drawing closes a cycle, naming it by keys", async () => {
    const { graphId, taskIds } = await newProjectGraph({ a: [], b: ["a"] });
    const draft = await open(graphId);
    const back = { taskId: `${taskIds.a}`, dependsOnTaskId: `${taskIds.b}` };

    const dependencies = [...draft.dependencies, back];
    const error = await errorOf(saveGraph(test.db, { ...draft, dependencies }));

    expect(error).toEqual(refusal("cycle", /a → b → a|b → a → b/));
  });

  it.each([
    ["dependsOnTaskId", (known: string) => ({ taskId: known, dependsOnTaskId: uuidv7() })],
    ["taskId", (known: string) => ({ taskId: uuidv7(), dependsOnTaskId: known })],
  ])("when the %s of a dependency is not drawn", async (_, stray) => {
    const { graphId, taskIds } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);

    const dependencies = [stray(`${taskIds.a}`)];
    const error = await errorOf(saveGraph(test.db, { ...draft, dependencies }));

    expect(error).toEqual(refusal("unknown_dependency"));
  });

  it("when a task is drawn twice", async () => {
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);

    const nodes = [...draft.nodes, ...draft.nodes];
    const error = await errorOf(saveGraph(test.db, { ...draft, nodes }));

    expect(error).toEqual(refusal("duplicate_key", /"a" is in the graph twice/));
  });

  it("when a key belongs to a task of the project that is not drawn", async () => {
    const { graphId, projectId: project } = await newProjectGraph({ a: [] });
    const task = makeTaskFields({ key: "taken", name: "Other" });
    await createTask(test.db, { projectId: project, task, actor: PERSON });
    const draft = await open(graphId);

    const node = { taskId: uuidv7(), taskVersion: 0, x: 0, y: 0, task };
    const error = await errorOf(saveGraph(test.db, { ...draft, nodes: [node] }));

    expect(error).toEqual(refusal("conflict", /the key "taken", "Other"/));
  });

  it("for a task of another project in the words for one that does not exist", async () => {
    const other = await createProject(test.db);
    const task = makeTaskFields({ key: "secret", name: "Secret" });
    const { taskId } = await createTask(test.db, { projectId: other, task, actor: PERSON });
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);
    const save = (id: string) => {
      const node = { taskId: id, taskVersion: 1, x: 0, y: 0, task: makeTaskFields({ key: "x" }) };
      return errorOf(saveGraph(test.db, { ...draft, nodes: [node] }));
    };

    const unknown = uuidv7();
    const [foreign, missing] = [await save(taskId), await save(unknown)];

    expect(foreign).toEqual(refusal("not_found"));
    expect(String(foreign).replace(taskId, "")).toBe(String(missing).replace(unknown, ""));
  });

  it("for a name that another graph of the project has", async () => {
    const { graphId } = await createDrawnGraph(test.db, { projectId, tasks: {} });
    await createDrawnGraph(test.db, { projectId, name: "Taken", tasks: {} });

    const error = await errorOf(saveGraph(test.db, { ...(await open(graphId)), name: "Taken" }));

    expect(error).toEqual(refusal("conflict", /graph named "Taken"/));
  });

  it("for a graph that does not exist", async () => {
    const { graphId } = await newProjectGraph({ a: [] });
    const draft = await open(graphId);

    const error = await errorOf(saveGraph(test.db, { ...draft, graphId: uuidv7() }));

    expect(error).toEqual(refusal("not_found"));
  });
});

it("saves 10,000 tasks with 20,000 dependencies, twice", async () => {
  const { graphId } = await createDrawnGraph(test.db, {
    projectId: await createProject(test.db),
    tasks: {},
  });
  const ids = Array.from({ length: 10_000 }, () => uuidv7());
  const nodes = ids.map((taskId, i) => ({
    taskId,
    taskVersion: 0,
    x: i,
    y: 0,
    task: makeTaskFields({ key: `task-${i}` }),
  }));
  const dependencies = ids.flatMap((taskId, i) =>
    [ids[i - 1], ids[i - 2]].flatMap((other) => (other ? { taskId, dependsOnTaskId: other } : [])),
  );
  const draft = { graphId, name: "Large", description: "", nodes, dependencies, actor: PERSON };

  await saveGraph(test.db, { ...draft, version: 2 });
  const changed = nodes.map((n) => ({ ...n, taskVersion: 1, task: { ...n.task, name: "Other" } }));
  await saveGraph(test.db, { ...draft, nodes: changed, version: 3 });

  const { nodes: stored, dependencies: edges } = await open(graphId);
  expect([stored.length, edges.length]).toEqual([10_000, 19_997]);
}, 120_000);
