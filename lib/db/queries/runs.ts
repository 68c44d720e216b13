import { and, asc, desc, eq, inArray, type SQL } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executionDependencies, executions, runs } from "@/lib/db/schema/executions";
import { pools, projects } from "@/lib/db/schema/projects";
import { schedules } from "@/lib/db/schema/schedules";
import { MAX_DEPENDENCIES_PER_GRAPH, MAX_TASKS_PER_GRAPH } from "@/lib/domain/limits";
import { priorityOf } from "@/lib/domain/priority";
import type { Page, RunFire, RunState, RunStructure, RunSummary } from "@/lib/domain/views";
import { clock, iso } from "./clock";
import { stateColumns, toExecutionState } from "./execution-columns";
import { findRuns, type RunFilter } from "./find-runs";
import { requireCursor, rowsOfPage, toPage } from "./page";

/** Runs, newest first. A search for a text may give a short page, or an empty one, from which `next` leads on. */
export async function listRuns(
  db: Db,
  { cursor, limit, ...filter }: RunFilter & { cursor?: string; limit: number },
): Promise<Page<RunSummary>> {
  const { ids, end } = await findRuns(db, filter, {
    cursor: cursor ? requireCursor(cursor) : undefined,
    count: rowsOfPage(limit),
  });
  const page = toPage(ids, limit, (id) => id);
  const rows = page.items.length > 0 ? await selectRuns(db, [inArray(runs.id, page.items)]) : [];
  return { items: rows.map(toRunSummary), next: page.next ?? end };
}

/** What of a run changes: its counts and the state of each execution; null when there is none. */
export async function getRunState(db: Db, { runId }: { runId: string }): Promise<RunState | null> {
  // The run first: a final run is not asked for again, so its executions must be at least as new as it is.
  const [run] = await selectRuns(db, [eq(runs.id, runId)]);
  if (!run) return null;
  // By executions_run_id_task_key_key.
  const rows = await db
    .select(stateColumns)
    .from(executions)
    .where(eq(executions.runId, runId))
    .orderBy(asc(executions.id))
    .limit(MAX_TASKS_PER_GRAPH);
  return {
    run: toRunSummary(run),
    executions: rows.map(toExecutionState),
    now: iso(run.now),
  };
}

/** What of a run never changes: its executions' names and places, and what waits for what; null when there is none. */
export async function getRunStructure(
  db: Db,
  { runId }: { runId: string },
): Promise<RunStructure | null> {
  const [run] = await db.select({ id: runs.id }).from(runs).where(eq(runs.id, runId));
  if (!run) return null;
  const [members, edges] = await Promise.all([listMembers(db, runId), listEdges(db, runId)]);
  return { executions: members, dependencies: edges };
}

async function listMembers(db: Db, runId: string): Promise<RunStructure["executions"]> {
  const rows = await db
    .select({
      executionId: executions.id,
      taskId: executions.taskId,
      taskKey: executions.taskKey,
      taskName: executions.taskName,
      priority: executions.priority,
      maxRetries: executions.maxRetries,
      pool: pools.name,
      x: executions.x,
      y: executions.y,
    })
    .from(executions)
    .leftJoin(pools, eq(pools.id, executions.poolId))
    .where(eq(executions.runId, runId))
    .orderBy(asc(executions.id))
    .limit(MAX_TASKS_PER_GRAPH);
  return rows.map((row) => ({ ...row, priority: priorityOf(row.priority) }));
}

async function listEdges(db: Db, runId: string): Promise<RunStructure["dependencies"]> {
  return db
    .select({
      executionId: executionDependencies.executionId,
      dependsOnId: executionDependencies.dependsOnId,
    })
    .from(executions)
    .innerJoin(executionDependencies, eq(executionDependencies.executionId, executions.id))
    .where(eq(executions.runId, runId))
    .orderBy(asc(executionDependencies.executionId), asc(executionDependencies.dependsOnId))
    .limit(MAX_DEPENDENCIES_PER_GRAPH);
}

function selectRuns(db: Db, conditions: SQL[]) {
  return db
    .select({
      run: runs,
      projectName: projects.name,
      schedule: { name: schedules.name, timeZone: schedules.timeZone },
      now: clock,
    })
    .from(runs)
    .innerJoin(projects, eq(projects.id, runs.projectId))
    .leftJoin(schedules, eq(schedules.id, runs.scheduleId))
    .where(and(...conditions))
    .orderBy(desc(runs.id))
    .$dynamic();
}

type RunRow = {
  run: typeof runs.$inferSelect;
  projectName: string;
  schedule: { name: string; timeZone: string } | null;
};

function toRunSummary(row: RunRow): RunSummary {
  const { run, projectName } = row;
  return {
    runId: run.id,
    projectId: run.projectId,
    projectName,
    graphId: run.graphId,
    graphVersion: run.graphVersion,
    source: run.source,
    name: run.name,
    status: run.status,
    counts: {
      total: run.totalCount,
      completed: run.completedCount,
      failed: run.failedCount,
      cancelled: run.cancelledCount,
    },
    fire: toFire(row),
    createdBy: run.createdBy,
    createdAt: iso(run.createdAt),
    startedAt: iso(run.startedAt),
    finishedAt: iso(run.finishedAt),
    pausedAt: iso(run.pausedAt),
    cancelRequestedAt: iso(run.cancelRequestedAt),
  };
}

function toFire({ run, schedule }: RunRow): RunFire | null {
  if (run.fireAt === null) return null;
  return {
    at: iso(run.fireAt),
    timeZone: schedule?.timeZone ?? "UTC",
    schedule:
      schedule && run.scheduleId ? { scheduleId: run.scheduleId, name: schedule.name } : null,
    isBackfill: run.backfillId !== null,
  };
}
