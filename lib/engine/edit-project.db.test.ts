import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getProject, listProjects } from "@/lib/db/queries/projects";
import { getTask } from "@/lib/db/queries/tasks";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  createDrawnGraph,
  createProject,
  insertRun,
  makeTaskFields,
  PERSON,
} from "@/lib/testing/factories";
import { createGraph } from "./create-graph";
import { createTask } from "./create-task";
import { deleteGraph } from "./delete-graph";
import { deleteProject } from "./delete-project";
import { deleteTask } from "./delete-task";
import { saveProject } from "./save-project";
import { updateTask } from "./update-task";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const actor = PERSON;

function refusal(code: string, message: RegExp | string = "") {
  return expect.objectContaining({ code, message: expect.stringMatching(message) });
}

describe("a project", () => {
  it("is created, shown and changed", async () => {
    const { projectId } = await saveProject(test.db, { name: "One", description: "d", actor });
    await saveProject(test.db, { projectId, name: "Uno", description: "", actor });

    expect(await getProject(test.db, { projectId })).toMatchObject({
      projectId,
      name: "Uno",
      description: "",
      isExample: false,
      taskCount: 0,
      graphCount: 0,
      activeRunCount: 0,
      tasks: [],
      graphs: [],
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it("is refused under a name that another one has, also at the same instant", async () => {
    const input = { name: "Twice", description: "", actor };

    const answers = await Promise.allSettled([1, 2].map(() => saveProject(test.db, input)));

    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(saveProject(test.db, input)).rejects.toEqual(refusal("conflict", /"Twice"/));
  });

  it("is refused when the id names none", async () => {
    const projectId = uuidv7();
    const input = { projectId, name: uuidv7(), description: "", actor };

    await expect(saveProject(test.db, input)).rejects.toEqual(refusal("not_found", projectId));
    await expect(deleteProject(test.db, { projectId, actor })).rejects.toEqual(
      refusal("not_found"),
    );
    expect(await getProject(test.db, { projectId })).toBeNull();
  });

  it("is deleted with everything in it", async () => {
    const projectId = await createProject(test.db);
    const { graphId, taskIds } = await createDrawnGraph(test.db, {
      projectId,
      tasks: { a: [], b: ["a"] },
    });
    const task = { taskId: `${taskIds.a}`, status: "COMPLETED" } as const;
    await insertRun(test.db, { projectId, graphId, executions: [task] });

    await deleteProject(test.db, { projectId, actor });

    expect(await getProject(test.db, { projectId })).toBeNull();
    expect(await test.sql`select from tasks where project_id = ${projectId}`).toHaveLength(0);
    expect(await test.sql`select from executions where project_id = ${projectId}`).toHaveLength(0);
  });

  it("is not deleted while a run of it is not final", async () => {
    const projectId = await createProject(test.db, "Busy");
    await insertRun(test.db, { projectId, executions: [{ status: "RUNNING" }] });

    await expect(deleteProject(test.db, { projectId, actor })).rejects.toEqual(
      refusal("conflict", /"Busy".*A run of it is not finished/),
    );
    const [shown] = (await listProjects(test.db)).filter((p) => p.projectId === projectId);
    expect(shown?.activeRunCount).toBe(1);
  });
});

describe("a task", () => {
  it("is created, read and changed from its latest version only", async () => {
    const projectId = await createProject(test.db);
    const task = makeTaskFields({ key: "t", metadata: { a: [1, { b: null }] }, priority: "HIGH" });
    const created = await createTask(test.db, { projectId, task, actor });
    const { taskId } = created;
    expect(await getTask(test.db, { taskId })).toEqual({ taskId, projectId, version: 1, task });

    const changed = { ...task, name: "Changed" };
    const updated = await updateTask(test.db, { taskId, version: 1, task: changed, actor });
    expect(updated).toEqual({ taskId, version: 2 });
    expect((await getTask(test.db, { taskId }))?.task).toEqual(changed);

    const late = updateTask(test.db, { taskId, version: 1, task, actor });
    await expect(late).rejects.toEqual(refusal("version_conflict", /"Changed".*version 2/));
  });

  it("needs a key of its own in its project", async () => {
    const projectId = await createProject(test.db);
    const [a, b] = [makeTaskFields({ key: "a" }), makeTaskFields({ key: "b" })];
    await createTask(test.db, { projectId, task: a, actor });
    const { taskId } = await createTask(test.db, { projectId, task: b, actor });

    const second = createTask(test.db, { projectId, task: a, actor });
    await expect(second).rejects.toEqual(refusal("conflict", /key "a"/));
    const renamed = updateTask(test.db, { taskId, version: 1, task: a, actor });
    await expect(renamed).rejects.toEqual(refusal("conflict", /key "a"/));
    const elsewhere = createTask(test.db, {
      projectId: await createProject(test.db),
      task: a,
      actor,
    });
    await expect(elsewhere).resolves.toMatchObject({ version: 1 });
  });

  it("is refused in a project that does not exist", async () => {
    const projectId = uuidv7();
    const task = makeTaskFields({ key: "a" });

    const created = createTask(test.db, { projectId, task, actor });
    await expect(created).rejects.toEqual(refusal("not_found", projectId));
    const drawn = createGraph(test.db, { projectId, name: "g", description: "", actor });
    await expect(drawn).rejects.toEqual(refusal("not_found", projectId));
    const updated = updateTask(test.db, { taskId: projectId, version: 1, task, actor });
    await expect(updated).rejects.toEqual(refusal("not_found"));
    expect(await getTask(test.db, { taskId: projectId })).toBeNull();
  });

  it("is not deleted while graphs hold it, and they are named", async () => {
    const projectId = await createProject(test.db);
    const { graphId, taskIds } = await createDrawnGraph(test.db, {
      projectId,
      name: "Nightly",
      tasks: { a: [] },
    });
    const taskId = `${taskIds.a}`;

    const early = deleteTask(test.db, { taskId, actor });
    await expect(early).rejects.toEqual(refusal("conflict", /"a".*the graph "Nightly"/));
    await deleteGraph(test.db, { graphId, actor });
    await deleteTask(test.db, { taskId, actor });
    expect(await getTask(test.db, { taskId })).toBeNull();
  });

  it("leaves its executions behind when it is deleted", async () => {
    const projectId = await createProject(test.db);
    const task = makeTaskFields({ key: "gone" });
    const { taskId } = await createTask(test.db, { projectId, task, actor });
    const status = "COMPLETED";
    const { executionIds } = await insertRun(test.db, {
      projectId,
      executions: [{ taskId, taskKey: "gone", status }],
    });

    await deleteTask(test.db, { taskId, actor });

    const rows = await test.sql`
      select task_id, task_key from executions where id in ${test.sql(executionIds)}`;
    expect(rows).toEqual([{ task_id: null, task_key: "gone" }]);
  });
});

describe("the page of a project", () => {
  it("shows each task with its latest execution and its graphs, and each graph with its latest run", async () => {
    const projectId = await createProject(test.db);
    const { graphId, taskIds } = await createDrawnGraph(test.db, {
      projectId,
      name: "G",
      tasks: { a: [], b: ["a"] },
    });
    const taskId = `${taskIds.a}`;
    await insertRun(test.db, { projectId, graphId, executions: [{ taskId, status: "COMPLETED" }] });
    const latest = await insertRun(test.db, {
      projectId,
      graphId,
      executions: [{ taskId, status: "TIMEOUT" }],
    });

    const project = await getProject(test.db, { projectId });

    expect(project).toMatchObject({ taskCount: 2, graphCount: 1, activeRunCount: 0 });
    expect(project?.tasks).toMatchObject([
      {
        key: "a",
        priority: "MEDIUM",
        status: "failed",
        latestExecution: { executionId: latest.executionIds[0], status: "TIMEOUT" },
        graphs: [{ graphId, name: "G" }],
      },
      { key: "b", status: "planned", latestExecution: null, graphs: [{ graphId, name: "G" }] },
    ]);
    expect(project?.graphs).toMatchObject([
      { graphId, version: 2, taskCount: 2, latestRun: { runId: latest.runId, status: "FAILED" } },
    ]);
  });
});
