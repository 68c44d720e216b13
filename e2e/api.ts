import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext } from "@playwright/test";
import * as z from "zod";
import type { TaskFieldsInput } from "@/lib/domain/task-fields";
import type { GraphDetail, RunState } from "@/lib/domain/views";

/** A task of a journey: a script for the shell, and whatever else matters. Nothing is tried twice unless it says so. */
export type TaskSpec = { name: string; script: string; after?: string[] } & Partial<
  Omit<TaskFieldsInput, "name" | "workflowParams">
>;

export type Api = ReturnType<typeof createApi>;

const answerSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), data: z.record(z.string(), z.unknown()) }),
  z.object({ ok: z.literal(false), error: z.object({ message: z.string() }) }),
]);

/** Prepares what a journey begins with, through the same doors as the screens and programs. */
export function createApi(request: APIRequestContext, baseUrl: string) {
  async function createProject(name: string): Promise<string> {
    return String((await callAction("/projects", "saveProjectAction", { name })).projectId);
  }

  async function createGraph(
    projectId: string,
    { name, tasks }: { name: string; tasks: readonly TaskSpec[] },
  ): Promise<string> {
    const created = await callAction(`/projects/${projectId}`, "createGraphAction", {
      projectId,
      name,
    });
    const graphId = String(created.graphId);
    if (tasks.length > 0) {
      await callAction(`/graphs/${graphId}`, "saveGraphAction", toDrawing(graphId, name, tasks));
    }
    return graphId;
  }

  async function readJson<T>(path: string): Promise<T> {
    const response = await request.get(path);
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    const body: T = await response.json(); // The shape that the route is typed with.
    return body;
  }

  async function post(path: string, data: unknown = {}): Promise<unknown> {
    const response = await request.post(path, { data });
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    return await response.json();
  }

  async function runGraph(graphId: string): Promise<string> {
    const started = await post(`/api/graphs/${graphId}/runs`);
    return z.object({ runId: z.string() }).parse(started).runId;
  }

  async function listRuns(projectId: string): Promise<{ runId: string }[]> {
    return (await readJson<{ items: { runId: string }[] }>(`/api/runs?projectId=${projectId}`))
      .items;
  }

  /** Nothing of a journey goes on behind its back, nor keeps the product from stopping. */
  async function cancelRuns(projectId: string): Promise<void> {
    const active = ["SCHEDULED", "RUNNING", "PAUSED"].map((status) => `status=${status}`).join("&");
    const runs = await readJson<{ items: { runId: string }[] }>(
      `/api/runs?projectId=${projectId}&${active}`,
    );
    for (const { runId } of runs.items) await post(`/api/runs/${runId}/cancel`, { force: true });
  }

  /** As the page that has it calls it: projects and graphs have no door for programs yet. */
  async function callAction(
    page: string,
    name: string,
    input: object,
  ): Promise<Record<string, unknown>> {
    const response = await request.post(page, {
      headers: {
        "next-action": actionId(name),
        "content-type": "text/plain;charset=UTF-8",
        origin: new URL(baseUrl).origin,
        "sec-fetch-site": "same-origin",
      },
      data: JSON.stringify([input], escapeDollar),
    });
    const text = await response.text();
    const line = /^\d+:(\{"ok":.*)$/m.exec(text)?.[1];
    if (!line) throw new Error(`${name}: ${response.status()} ${text.slice(0, 500)}`);
    const answer = answerSchema.parse(JSON.parse(line));
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
    return answer.data;
  }

  return {
    createProject,
    createGraph,
    runGraph,
    listRuns,
    cancelRuns,
    post,
    readGraph: (graphId: string) => readJson<GraphDetail>(`/api/graphs/${graphId}`),
    readRun: (runId: string) => readJson<RunState>(`/api/runs/${runId}`),
  };
}

function toDrawing(graphId: string, name: string, tasks: readonly TaskSpec[]) {
  const ids = new Map(tasks.map((task) => [task.name, randomUUID()]));
  const idOf = (task: string) => {
    const id = ids.get(task);
    if (!id) throw new Error(`No task is named ${task}.`);
    return id;
  };
  const nodes = tasks.map(({ name: taskName, script, after: _, ...task }, i) => ({
    taskId: idOf(taskName),
    taskVersion: 0,
    // Near enough to each other to be read in full on every canvas.
    x: (i % 2) * 320,
    y: i * 120,
    task: {
      key: `task-${randomUUID()}`,
      name: taskName,
      retryStrategy: "NONE",
      workflowParams: { image: "alpine:3.20", command: ["sh", "-c", script] },
      ...task,
    },
  }));
  const dependencies = tasks.flatMap(({ name: taskName, after = [] }) =>
    after.map((other) => ({ taskId: idOf(taskName), dependsOnTaskId: idOf(other) })),
  );
  return { graphId, version: 1, name, nodes, dependencies };
}

const manifestSchema = z.object({
  node: z.record(z.string(), z.object({ exportedName: z.string().optional() })),
});

/** The id by which the built pages call an action. */
function actionId(name: string): string {
  const file = join(import.meta.dirname, "../.next/server/server-reference-manifest.json");
  const { node } = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const id = Object.keys(node).find((each) => node[each]?.exportedName === name);
  if (id === undefined) throw new Error(`No page uses ${name}.`);
  return id;
}

/** A dollar sign at the start means something to React. */
function escapeDollar(_: string, value: unknown): unknown {
  return typeof value === "string" && value.startsWith("$") ? `$${value}` : value;
}
