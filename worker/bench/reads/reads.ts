import type { Db } from "@/lib/db/database";
import { listBackfills, previewBackfill } from "@/lib/db/queries/backfills";
import { getExecution } from "@/lib/db/queries/executions";
import { listExplanations } from "@/lib/db/queries/explanations";
import { getGraph } from "@/lib/db/queries/graphs";
import { readLog } from "@/lib/db/queries/logs";
import { readSystemMetrics } from "@/lib/db/queries/metrics";
import { getOverview } from "@/lib/db/queries/overview";
import { listPools } from "@/lib/db/queries/pools";
import { getProject, listProjects } from "@/lib/db/queries/projects";
import { getRunTimeline } from "@/lib/db/queries/run-timeline";
import { getRunState, getRunStructure } from "@/lib/db/queries/runs";
import { getSchedule, listSchedules } from "@/lib/db/queries/schedules";
import { getExecutionStats } from "@/lib/db/queries/stats";
import { getTask } from "@/lib/db/queries/tasks";
import { getSystemState, listWorkers } from "@/lib/db/queries/workers";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { DashboardProject } from "@/worker/bench/rows/dashboard";
import { executionLists, runLists } from "./lists";

export type Read = { name: string; read: (db: Db) => Promise<unknown> };

/** Ids to read by: one of each kind that a screen can open. */
export type Examples = {
  projects: DashboardProject[];
  runId: string;
  /** Half of all executions are older than this one. */
  middleId: string;
  /** All but a hundred are newer than this one. */
  oldId: string;
  /** An execution of each status. */
  executions: Map<ExecutionStatus, string>;
};

/** Every read that a screen asks for: pages of lists under each filter, counts, statistics, and each thing by its id. */
export function listReads(examples: Examples): Read[] {
  const [project] = examples.projects;
  if (!project) throw new Error("There is no project.");
  const { projectId, graphId, taskIds, scheduleId } = project;
  const { runId } = examples;
  const executionIds = [...examples.executions.values()];
  const lastDays = { from: new Date(Date.now() - 6 * 86_400_000), to: new Date() };
  return [
    ...executionLists(examples),
    ...runLists(project, examples),
    { name: "metrics", read: (db) => readSystemMetrics(db) },
    { name: "pools", read: (db) => listPools(db, { projectId }) },
    { name: "schedules", read: (db) => listSchedules(db) },
    { name: "one schedule", read: (db) => getSchedule(db, { scheduleId }) },
    { name: "back-fills", read: (db) => listBackfills(db, { scheduleId }) },
    {
      name: "preview of a back-fill",
      read: (db) => previewBackfill(db, { scheduleId, ...lastDays }),
    },
    { name: "why all that waits waits", read: (db) => listExplanations(db, { executionIds }) },
    { name: "overview", read: (db) => getOverview(db) },
    { name: "statistics", read: (db) => getExecutionStats(db, {}) },
    { name: "statistics of a project", read: (db) => getExecutionStats(db, { projectId }) },
    { name: "system", read: (db) => getSystemState(db) },
    { name: "workers", read: (db) => listWorkers(db) },
    { name: "projects", read: (db) => listProjects(db) },
    { name: "one project", read: (db) => getProject(db, { projectId }) },
    { name: "one graph", read: (db) => getGraph(db, { graphId }) },
    { name: "one task", read: (db) => getTask(db, { taskId: taskIds[0] ?? "" }) },
    { name: "one run", read: (db) => getRunState(db, { runId }) },
    { name: "one run's structure", read: (db) => getRunStructure(db, { runId }) },
    { name: "one run's timeline", read: (db) => getRunTimeline(db, { runId }) },
    ...[...examples.executions].flatMap(([status, executionId]): Read[] => [
      { name: `one ${status} execution`, read: (db) => getExecution(db, { executionId }) },
      {
        name: `log of one ${status} execution`,
        read: (db) => readLog(db, { executionId, attempt: 1, fromLine: 0 }),
      },
    ]),
  ];
}
