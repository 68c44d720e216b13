import { and, desc, eq, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions, runs } from "@/lib/db/schema/executions";
import { PRIORITY_RANK, type Priority } from "@/lib/domain/priority";
import { type ExecutionStatus, executionStatuses } from "@/lib/domain/status";
import type { ExecutionDetail, ExecutionSummary, Page } from "@/lib/domain/views";
import { clock, iso } from "./clock";
import { selectExecutions, toExecutionSummary } from "./execution-columns";
import { listAttempts, listCauses, listEvents, listNeighbours } from "./execution-history";
import { listExplanations } from "./explanations";
import { containing, requireCursor, rowsOfPage, toPage } from "./page";

/** What a list of executions can be narrowed to; what is not given does not count. */
export type ExecutionFilter = {
  projectId?: string;
  graphId?: string;
  runId?: string;
  taskId?: string;
  priority?: Priority[];
  /** Part of the task's name or key, or of the run's name. */
  text?: string;
};

/**
 * Executions, newest first. Walks the primary key backwards, or executions_status_idx, executions_project_id_idx,
 * executions_task_id_idx or executions_run_id_task_key_key for the filter of that name.
 */
export async function listExecutions(
  db: Db,
  filter: ExecutionFilter & {
    status?: ExecutionStatus[];
    cursor?: string;
    limit: number;
    /** For programs that page by numbers; the cursor stays quick on any page. */
    offset?: number;
  },
): Promise<Page<ExecutionSummary>> {
  const where = and(
    filterBy(filter),
    filter.status?.length ? inArray(executions.status, filter.status) : undefined,
    filter.cursor ? lt(executions.id, requireCursor(filter.cursor)) : undefined,
  );
  const rows = await selectExecutions(db, where)
    .orderBy(desc(executions.id))
    .limit(rowsOfPage(filter.limit))
    .offset(filter.offset ?? 0);
  return toPage(rows.map(toExecutionSummary), filter.limit, ({ executionId }) => executionId);
}

/** How many executions have each status under a filter; every status is named. */
export async function countExecutions(
  db: Db,
  filter: ExecutionFilter,
): Promise<Record<ExecutionStatus, number>> {
  const rows = await db
    .select({ status: executions.status, count: sql<number>`count(*)::int` })
    .from(executions)
    .innerJoin(runs, eq(runs.id, executions.runId))
    .where(filterBy(filter))
    .groupBy(executions.status);
  return toStatusCounts(rows);
}

/** Counts by status with a zero for each status that has none. */
export function toStatusCounts(
  rows: { status: ExecutionStatus; count: number }[],
): Record<ExecutionStatus, number> {
  const counts = new Map(rows.map(({ status, count }) => [status, count]));
  const entries = executionStatuses.map((status) => [status, counts.get(status) ?? 0] as const);
  return Object.fromEntries(entries) as Record<ExecutionStatus, number>; // made from every status
}

function filterBy(filter: ExecutionFilter): SQL | undefined {
  const { projectId, graphId, runId, taskId, priority, text } = filter;
  const ranks = priority?.map((name) => PRIORITY_RANK[name]);
  return and(
    projectId ? eq(executions.projectId, projectId) : undefined,
    graphId ? eq(runs.graphId, graphId) : undefined,
    runId ? eq(executions.runId, runId) : undefined,
    taskId ? eq(executions.taskId, taskId) : undefined,
    ranks?.length ? inArray(executions.priority, ranks) : undefined,
    text ? matches(text) : undefined,
  );
}

function matches(text: string): SQL | undefined {
  const pattern = containing(text);
  return or(
    ilike(executions.taskName, pattern),
    ilike(executions.taskKey, pattern),
    ilike(runs.name, pattern),
  );
}

/** Everything of one execution but its logs; null when there is none. */
export async function getExecution(
  db: Db,
  { executionId }: { executionId: string },
): Promise<ExecutionDetail | null> {
  const [[summary], [facts]] = await Promise.all([
    selectExecutions(db, eq(executions.id, executionId)),
    selectFacts(db, executionId),
  ]);
  if (!summary || !facts) return null;
  const { execution } = facts;
  const [attemptList, events, dependsOn, dependents, causeChain, explanations] = await Promise.all([
    listAttempts(db, executionId),
    listEvents(db, executionId),
    listNeighbours(db, executionId, "dependsOn"),
    listNeighbours(db, executionId, "dependents"),
    listCauses(db, execution.causeExecutionId),
    listExplanations(db, { executionIds: [executionId] }),
  ]);
  return {
    ...toExecutionSummary(summary),
    graphId: facts.graphId,
    workflowType: execution.workflowType,
    workflowParams: execution.workflowParams,
    retryPolicy: toRetryPolicy(execution),
    timeoutSeconds: execution.timeoutSeconds,
    metadata: execution.metadata,
    poolKey: execution.poolKey || null,
    scheduledAt: iso(execution.scheduledAt),
    readyAt: iso(execution.readyAt),
    deadlineAt: iso(execution.deadlineAt),
    cancelForce: execution.cancelForce,
    result: execution.result,
    error: execution.error,
    attempts: attemptList,
    events,
    dependsOn,
    dependents,
    causeChain,
    explanation: explanations.get(executionId) ?? null,
    now: iso(facts.now),
  };
}

function selectFacts(db: Db, executionId: string) {
  return db
    .select({ execution: executions, graphId: runs.graphId, now: clock })
    .from(executions)
    .innerJoin(runs, eq(runs.id, executions.runId))
    .where(eq(executions.id, executionId));
}

function toRetryPolicy(row: typeof executions.$inferSelect): ExecutionDetail["retryPolicy"] {
  return {
    retryStrategy: row.retryStrategy,
    maxRetries: row.maxRetries,
    retryDelaySeconds: row.retryDelaySeconds,
    maxRetryDelaySeconds: row.maxRetryDelaySeconds,
    retryJitter: row.retryJitter,
    retryOnExitCodes: row.retryOnExitCodes,
    retryPermanentErrors: row.retryPermanentErrors,
  };
}
