import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions, runs } from "@/lib/db/schema/executions";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { ExecutionCounts, ExecutionDetail, ExecutionSummary, Page } from "@/lib/domain/views";
import { clock, iso } from "./clock";
import { selectExecutions, toExecutionSummary } from "./execution-columns";
import { type ExecutionFilter, matches, matchesAnywhere } from "./execution-filter";
import { listAttempts, listCauses, listEvents, listNeighbours } from "./execution-history";
import { listExplanations } from "./explanations";
import { findExecutions } from "./find-executions";
import { newestExecutions } from "./newest-executions";
import { requireCursor, rowsOfPage, toPage } from "./page";
import { tallyExecutions, toStatusCounts } from "./tally";

/**
 * Executions, newest first. A page may be short, or empty, though older ones match: where few match, it looks at a bounded
 * number, and `next` leads on from there.
 */
export async function listExecutions(
  db: Db,
  filter: ExecutionFilter & {
    status?: ExecutionStatus[];
    cursor?: string;
    limit: number;
    /** For programs that page by numbers; costs what it passes over, while the cursor stays quick on any page. */
    offset?: number;
  },
): Promise<Page<ExecutionSummary>> {
  const { cursor: given, limit, offset, ...narrow } = filter;
  const cursor = given ? requireCursor(given) : undefined;
  const from = offset ? await skip(db, narrow, { cursor, offset }) : cursor;
  if (from === null) return { items: [], next: null };
  const count = rowsOfPage(limit);
  const { ids, end } = await findExecutions(db, narrow, { cursor: from, count });
  const page = toPage(ids, limit, (id) => id);
  return {
    items: await readSummaries(db, page.items, narrow.status),
    next: page.next ?? end,
  };
}

/** Those of these executions that still have one of the statuses, newest first. */
async function readSummaries(
  db: Db,
  ids: string[],
  status: ExecutionStatus[] | undefined,
): Promise<ExecutionSummary[]> {
  if (ids.length === 0) return [];
  const where = and(
    inArray(executions.id, ids),
    status?.length ? inArray(executions.status, status) : undefined,
  );
  const rows = await selectExecutions(db, where).orderBy(desc(executions.id));
  return rows.map(toExecutionSummary);
}

/** The cursor behind so many matching executions; null when there are no more of them. */
async function skip(
  db: Db,
  filter: ExecutionFilter & { status?: ExecutionStatus[] },
  { cursor, offset }: { cursor: string | undefined; offset: number },
): Promise<string | null> {
  const [row] = await db.execute<{ id: string }>(sql`
    select s.id from executions s where ${matchesAnywhere(filter)} and ${cursor ? sql`s.id < ${cursor}::uuid` : sql`true`}
    order by s.id desc offset ${offset - 1} limit 1`);
  return row?.id ?? null;
}

/** How many executions are looked at for counts that no index knows. */
const COUNTED_EXECUTIONS = 5000;

/**
 * How many executions have each status under a filter; every status is named. Exact for all executions, and for those of a
 * project, graph, task or run. Under other filters it is so among the newest, and `ofNewest` says how many were looked
 * at; null when these were all.
 */
export async function countExecutions(db: Db, filter: ExecutionFilter): Promise<ExecutionCounts> {
  const { projectId, graphId, runId, taskId, priority, text } = filter;
  const isNarrow = priority?.length || text || (taskId && (projectId || graphId));
  if (runId || isNarrow) return countNewest(db, filter);
  const { counts } = await tallyExecutions(db, { projectId, graphId, taskId });
  return { counts, ofNewest: null };
}

async function countNewest(db: Db, filter: ExecutionFilter): Promise<ExecutionCounts> {
  const { rows, end } = await newestExecutions(db, filter, { size: COUNTED_EXECUTIONS });
  type Row = { counts: { status: ExecutionStatus; count: number }[]; seen: number | null };
  const [row] = await db.execute<Row>(sql`
    with s as materialized (${rows})
    select (select coalesce(json_agg(c), '[]') from (
        select s.status, count(*)::int as count from s where ${matches(filter)} group by s.status) c) as counts,
      case when ${end} is not null then (select count(*)::int from s) end as seen`);
  return { counts: toStatusCounts(row?.counts ?? []), ofNewest: row?.seen ?? null };
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
