import "@/lib/testing/next-environment";

import { readdirSync, readFileSync } from "node:fs";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callAction, ownHeaders } from "@/lib/testing/action-request";
import type { TestDatabase } from "@/lib/testing/database";
import {
  createDrawnGraph,
  createPool,
  createProject,
  insertRun,
  insertWorker,
} from "@/lib/testing/factories";
import { addSchedule, insertBackfill } from "@/lib/testing/schedule-factories";
import { countRows, createWebDatabase } from "@/lib/testing/web";
import type { ActionResult } from "./action-result";
import { resetBreakerAction, tripBreakerAction } from "./breakers";
import {
  cancelExecutionAction,
  pauseExecutionAction,
  resumeExecutionAction,
  retryExecutionAction,
} from "./executions";
import { createGraphAction, deleteGraphAction, saveGraphAction } from "./graphs";
import { createPoolAction, deletePoolAction, updatePoolAction } from "./pools";
import { deleteProjectAction, saveProjectAction } from "./projects";
import {
  cancelRunAction,
  pauseRunAction,
  resumeRunAction,
  retryRunAction,
  runGraphAction,
  scheduleTaskAction,
} from "./runs";
import {
  cancelBackfillAction,
  createScheduleAction,
  deleteScheduleAction,
  enableScheduleAction,
  runScheduleAction,
  startBackfillAction,
  updateScheduleAction,
} from "./schedules";
import { createTaskAction, deleteTaskAction, updateTaskAction } from "./tasks";

type AnyAction = (input: never) => Promise<ActionResult<unknown>>;

const task = { key: "new", name: "New", workflowParams: { image: "alpine", command: ["true"] } };

const schedule = { kind: "cron", name: "New", expression: "* * * * *", timeZone: "UTC" };
const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z" };

/** Every action, with an input that it accepts when the ids exist. */
const doors: [name: string, action: AnyAction, input: (ids: Ids) => object][] = [
  ["saveProject", saveProjectAction, ({ projectId }) => ({ projectId, name: "Project" })],
  ["deleteProject", deleteProjectAction, ({ projectId }) => ({ projectId })],
  ["createPool", createPoolAction, ({ projectId }) => ({ projectId, name: "Pool", slots: 1 })],
  ["updatePool", updatePoolAction, ({ projectId, poolId }) => ({ projectId, poolId, slots: 2 })],
  ["deletePool", deletePoolAction, ({ projectId, poolId }) => ({ projectId, poolId })],
  ["createTask", createTaskAction, ({ projectId }) => ({ projectId, task })],
  ["updateTask", updateTaskAction, ({ taskId }) => ({ taskId, version: 1, task })],
  ["deleteTask", deleteTaskAction, ({ taskId }) => ({ taskId })],
  ["createGraph", createGraphAction, ({ projectId }) => ({ projectId, name: "Other" })],
  ["saveGraph", saveGraphAction, ({ graphId }) => emptyDrawing(graphId)],
  ["deleteGraph", deleteGraphAction, ({ graphId }) => ({ graphId })],
  ["runGraph", runGraphAction, ({ graphId }) => ({ graphId })],
  ["scheduleTask", scheduleTaskAction, ({ taskId }) => ({ taskId })],
  ["cancelRun", cancelRunAction, ({ runId }) => ({ runId })],
  ["pauseRun", pauseRunAction, ({ runId }) => ({ runId })],
  ["resumeRun", resumeRunAction, ({ runId }) => ({ runId })],
  ["retryRun", retryRunAction, ({ runId }) => ({ runId })],
  ["cancelExecution", cancelExecutionAction, ({ executionId }) => ({ executionId })],
  ["retryExecution", retryExecutionAction, ({ executionId }) => ({ executionId })],
  ["pauseExecution", pauseExecutionAction, ({ executionId }) => ({ executionId })],
  ["resumeExecution", resumeExecutionAction, ({ executionId }) => ({ executionId })],
  ["resetBreaker", resetBreakerAction, ({ engine }) => ({ engine })],
  ["tripBreaker", tripBreakerAction, ({ engine }) => ({ engine })],
  ["createSchedule", createScheduleAction, ({ graphId }) => ({ graphId, schedule })],
  [
    "updateSchedule",
    updateScheduleAction,
    ({ scheduleId }) => ({ scheduleId, version: 1, schedule }),
  ],
  ["deleteSchedule", deleteScheduleAction, ({ scheduleId }) => ({ scheduleId })],
  ["enableSchedule", enableScheduleAction, ({ scheduleId }) => ({ scheduleId, enabled: false })],
  ["runSchedule", runScheduleAction, ({ scheduleId }) => ({ scheduleId })],
  ["startBackfill", startBackfillAction, ({ scheduleId }) => ({ scheduleId, ...range })],
  ["cancelBackfill", cancelBackfillAction, ({ backfillId }) => ({ backfillId })],
];

const idNames = [
  "projectId",
  "poolId",
  "taskId",
  "graphId",
  "runId",
  "executionId",
  "scheduleId",
  "backfillId",
  "engine",
] as const;
type Ids = Record<(typeof idNames)[number], string>;

/** The same text as every id. */
const allIds = (id: string) => Object.fromEntries(idNames.map((name) => [name, id])) as Ids; // all names are there

let database: TestDatabase;
let ids: Ids;
let rows: Record<string, number>;

beforeAll(async () => {
  database = await createWebDatabase();
  const { db } = database;
  const projectId = await createProject(db);
  const { graphId, taskIds } = await createDrawnGraph(db, { projectId, tasks: { a: [] } });
  const run = await insertRun(db, { projectId, executions: [{ status: "SCHEDULED" }] });
  const [executionId = ""] = run.executionIds;
  const poolId = await createPool(db, { projectId });
  const engine = "tcp://10.0.0.5:1234";
  await insertWorker(db, { engine });
  const { scheduleId } = await addSchedule(db, { graphId });
  const { backfillId } = await insertBackfill(db, scheduleId);
  const taskId = taskIds.a ?? "";
  ids = {
    projectId,
    poolId,
    taskId,
    graphId,
    runId: run.runId,
    executionId,
    scheduleId,
    backfillId,
    engine,
  };
  rows = await countRows(database);
});
afterAll(() => database.close());

it("tests every action there is", () => {
  const tested = new Set(doors.map(([name]) => `${name}Action`));
  const source = readdirSync("lib/actions")
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(`lib/actions/${file}`, "utf8"))
    .filter((text) => text.startsWith('"use server"'))
    .join("\n");
  const exported = [...source.matchAll(/^export (?:const|async function) (\w+)/gm)];

  expect(exported.map(([, name]) => name).filter((name = "") => !tested.has(name))).toEqual([]);
  expect(exported).toHaveLength(doors.length);
});

async function codeOf(action: AnyAction, input: unknown, headers?: Headers): Promise<string> {
  const result = await callAction(action, input, headers);
  return result.ok ? "accepted" : result.error.code;
}

describe.each(doors)("%sAction", (_, action, input) => {
  it.each([
    ["a name that is not ours", { host: "evil.test" }],
    ["no name", { host: "" }],
    ["another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }],
    ["a page without an origin", { origin: "null" }],
    ["a browser that says cross-site", { "sec-fetch-site": "cross-site" }],
    [
      "a forwarded host that equals the foreign origin",
      { origin: "https://evil.test", "x-forwarded-host": "evil.test" },
    ],
  ])("is refused for %s, and does nothing", async (_what, headers) => {
    expect(await codeOf(action, input(ids), ownHeaders(headers))).toBe("forbidden");
    expect(await countRows(database)).toEqual(rows);
  });

  it.each([
    ["nothing", () => undefined],
    ["null", () => null],
    ["a list", () => [input(ids)]],
    ["a text", () => JSON.stringify(input(ids))],
    ["no fields", () => ({})],
    ["a field more", () => ({ ...input(ids), status: "COMPLETED" })],
    ["an owner", () => ({ ...input(ids), createdBy: "admin" })],
    ["an actor", () => ({ ...input(ids), actor: { type: "system", id: "engine" } })],
    ["a field named __proto__", () => withPrototypeKey(input(ids))],
    ["a map", () => new Map(Object.entries(input(ids)))],
  ])("refuses %s, and writes nothing", async (_what, make) => {
    expect(await codeOf(action, make())).toBe("invalid");
    expect(await countRows(database)).toEqual(rows);
  });

  it.each(["", "x", "{}", "../x", "0", "%00"])("refuses %j as an id", async (id) => {
    expect(await codeOf(action, input(allIds(id)))).toBe("invalid");
    expect(await countRows(database)).toEqual(rows);
  });

  it("knows nothing of an id that nothing has", async () => {
    const id = uuidv7();
    const strange = { ...allIds(id), engine: `tcp://${id}:1234` };

    expect(await codeOf(action, input(strange))).toBe("not_found");
    expect(await countRows(database)).toEqual(rows);
  });
});

it("measures an input as large as it is when written out", async () => {
  const part = { a: "x".repeat(60_000) };
  const metadata = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, part]));

  const input = { projectId: ids.projectId, task: { ...task, metadata } };
  expect(await codeOf(createTaskAction, input)).toBe("too_large");
});

function emptyDrawing(graphId: string): object {
  return { graphId, version: 2, name: "G", nodes: [], dependencies: [] };
}

function withPrototypeKey(input: object): unknown {
  return JSON.parse(`{"__proto__":{"role":"admin"},${JSON.stringify(input).slice(1)}`);
}
