import { eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions, runs, workers } from "@/lib/db/schema/executions";
import { pools, projects } from "@/lib/db/schema/projects";
import { priorityOf } from "@/lib/domain/priority";
import type { ExecutionState, ExecutionSummary } from "@/lib/domain/views";
import { iso } from "./clock";

const MAX_ERROR_LENGTH = 300;

/** Columns of an execution's state; the error only as far as a list shows it. */
export const stateColumns = {
  executionId: executions.id,
  status: executions.status,
  reason: executions.reason,
  attempt: executions.attempt,
  retriesUsed: executions.retriesUsed,
  dueAt: executions.dueAt,
  unfinishedDependencies: executions.unfinishedDependencies,
  causeExecutionId: executions.causeExecutionId,
  cancelRequestedAt: executions.cancelRequestedAt,
  startedAt: executions.startedAt,
  finishedAt: executions.finishedAt,
  errorMessage: sql<
    string | null
  >`left(split_part(${executions.error}->>'message', e'\n', 1), ${sql.raw(String(MAX_ERROR_LENGTH))})`,
};

const summaryColumns = {
  ...stateColumns,
  runId: executions.runId,
  runName: runs.name,
  projectId: executions.projectId,
  projectName: projects.name,
  taskId: executions.taskId,
  taskKey: executions.taskKey,
  taskName: executions.taskName,
  priority: executions.priority,
  maxRetries: executions.maxRetries,
  pool: pools.name,
  createdAt: executions.createdAt,
  workerName: workers.name,
};

/** Executions with the names of their run, project and present worker. */
export function selectExecutions(db: Db, where: SQL | undefined) {
  return db
    .select(summaryColumns)
    .from(executions)
    .innerJoin(runs, eq(runs.id, executions.runId))
    .innerJoin(projects, eq(projects.id, executions.projectId))
    .leftJoin(pools, eq(pools.id, executions.poolId))
    .leftJoin(workers, eq(workers.id, executions.workerId))
    .where(where)
    .$dynamic();
}

type StateRow = Omit<ExecutionState, "dueAt" | "cancelRequestedAt" | "startedAt" | "finishedAt"> & {
  dueAt: Date;
  cancelRequestedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
};

type SummaryRow = StateRow &
  Omit<ExecutionSummary, keyof ExecutionState | "priority" | "createdAt"> & {
    priority: number;
    createdAt: Date;
  };

export function toExecutionState(row: StateRow): ExecutionState {
  return {
    ...row,
    dueAt: iso(row.dueAt),
    cancelRequestedAt: iso(row.cancelRequestedAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}

export function toExecutionSummary(row: SummaryRow): ExecutionSummary {
  return {
    ...row,
    ...toExecutionState(row),
    priority: priorityOf(row.priority),
    createdAt: iso(row.createdAt),
  };
}
