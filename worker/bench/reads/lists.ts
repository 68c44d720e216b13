import type { Db } from "@/lib/db/database";
import type { ExecutionFilter } from "@/lib/db/queries/execution-filter";
import { countExecutions, listExecutions } from "@/lib/db/queries/executions";
import { listRuns } from "@/lib/db/queries/runs";
import { executionStatuses, runStatuses } from "@/lib/domain/status";
import type { DashboardProject } from "@/worker/bench/rows/dashboard";
import type { Examples, Read } from "./reads";

/** As many as a screen shows at once. */
const limit = 50;
/** What people look for: in many names, in some, in none. */
const TEXTS = ["import", "Backfill 3", "nowhere to be found"];

/** The list of executions and the counts above it, under each filter and some together. */
export function executionLists({ projects, runId, middleId, oldId }: Examples): Read[] {
  const { projectId, graphId, taskIds } = projects[0] ?? {};
  const filters: Record<string, ExecutionFilter> = {
    all: {},
    project: { projectId },
    graph: { graphId },
    task: { taskId: taskIds?.[0] },
    "task and priority": { taskId: taskIds?.[0], priority: ["LOW"] },
    "task and text": { taskId: taskIds?.[0], text: "nowhere to be found" },
    "another project": { projectId: runId },
    run: { runId },
    priority: { priority: ["HIGH", "CRITICAL"] },
    "priority of all": { priority: ["MEDIUM"] },
    "project and priority": { projectId, priority: ["HIGH"] },
    ...Object.fromEntries(TEXTS.map((text) => [`text "${text}"`, { text }])),
    "project and text": { projectId, text: "Backfill" },
    "graph and text": { graphId, text: "nowhere to be found" },
    "project and graph": { projectId, graphId },
    "project, priority and text": { projectId, priority: ["MEDIUM"], text: "nowhere to be found" },
  };
  return Object.entries(filters).flatMap(([name, filter]): Read[] => [
    { name: `counts by status, ${name}`, read: (db) => countExecutions(db, filter) },
    {
      name: `executions, ${name}, from the middle on`,
      read: (db) => listExecutions(db, { ...filter, cursor: middleId, limit }),
    },
    {
      name: `executions, ${name}, at the end`,
      read: (db) => listExecutions(db, { ...filter, cursor: oldId, limit }),
    },
    ...withStatuses(`executions, ${name}`, filter),
  ]);
}

function withStatuses(name: string, filter: ExecutionFilter): Read[] {
  const list = (db: Db, rest: object) => listExecutions(db, { ...filter, ...rest, limit });
  return [
    { name, read: (db) => list(db, {}) },
    ...executionStatuses.map((status) => ({
      name: `${name}, ${status}`,
      read: (db: Db) => list(db, { status: [status] }),
    })),
    {
      name: `${name}, FAILED or TIMEOUT`,
      read: (db) => list(db, { status: ["FAILED", "TIMEOUT"] }),
    },
  ];
}

/** The list of runs, likewise. */
export function runLists(
  { projectId, graphId, scheduleId }: DashboardProject,
  { middleId, oldId }: Examples,
): Read[] {
  const filters = {
    all: {},
    project: { projectId },
    graph: { graphId },
    schedule: { scheduleId },
    ...Object.fromEntries(TEXTS.map((text) => [`text "${text}"`, { text }])),
    "project and text": { projectId, text: "Backfill" },
    "project and graph": { projectId, graphId },
    "graph and text": { graphId, text: "nowhere to be found" },
  };
  return Object.entries(filters).flatMap(([name, filter]): Read[] => [
    { name: `runs, ${name}`, read: (db) => listRuns(db, { ...filter, limit }) },
    ...[middleId, oldId].map((cursor, i) => ({
      name: `runs, ${name}, ${i === 0 ? "from the middle on" : "at the end"}`,
      read: (db: Db) => listRuns(db, { ...filter, cursor, limit }),
    })),
    ...runStatuses.map((status) => ({
      name: `runs, ${name}, ${status}`,
      read: (db: Db) => listRuns(db, { ...filter, status: [status], limit }),
    })),
  ]);
}
