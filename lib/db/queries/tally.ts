import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { type ExecutionStatus, executionStatuses, isFinal } from "@/lib/domain/status";
import { all, statusList } from "./execution-filter";
import { activeRunStatuses } from "./newest-executions";

/** All executions, or those of a project or a graph or both, or those of a task. */
export type TallyScope = {
  projectId?: string | undefined;
  graphId?: string | undefined;
  taskId?: string | undefined;
};

export type Tally = {
  counts: Record<ExecutionStatus, number>;
  total: number;
  /** Of SCHEDULED and RETRYING: how many are due. */
  due: number;
};

/** Not COMPLETED and not final. */
const openStatuses = executionStatuses.filter((status) => !isFinal(status));
const active = sql`r.status in (${statusList(activeRunStatuses)})`;
const claimable = sql`e.status in ('SCHEDULED', 'RETRYING')`;

type Row = { status: ExecutionStatus; count: number; due: number };
type TotalRow = { total: number; open: number; waiting: number; due: number };

/**
 * How many executions have each status, exactly, without reading those that are COMPLETED: they are what all have together
 * less the others. All together is the sum of what the runs have, within an index of the runs; what is not final
 * is counted in the runs that are not; what ended otherwise, in executions_status_idx. Each is one statement, so that all
 * numbers are of the same moment.
 */
export async function tallyExecutions(db: Db, scope: TallyScope): Promise<Tally> {
  const isWhole = !scope.projectId && !scope.graphId && !scope.taskId;
  return isWhole ? tallyAll(db) : tallyScope(db, scope);
}

async function tallyScope(db: Db, scope: TallyScope): Promise<Tally> {
  const rows = await db.execute<Row & { total: number }>(sql`
    with rest as (${open(scope)} union all ${ended(scope)})
    select status, count, due, all_of.total from (${total(scope)}) all_of left join rest on true`);
  const counted = [...rows].filter((row) => row.status !== null);
  const counts = toStatusCounts(counted);
  const sum = rows[0]?.total ?? 0;
  const others = counted.reduce((n, row) => n + row.count, 0);
  return {
    counts: { ...counts, COMPLETED: sum - others },
    total: sum,
    due: counted.reduce((n, row) => n + row.due, 0),
  };
}

/** By runs_project_id_idx or runs_graph_id_idx, or executions_task_id_idx, alone. */
function total({ projectId, graphId, taskId }: TallyScope): SQL {
  if (taskId) return sql`select count(*)::int as total from executions where task_id = ${taskId}`;
  return sql`select coalesce(sum(r.total_count), 0)::int as total from runs r
    where ${all([projectId && sql`r.project_id = ${projectId}`, graphId && sql`r.graph_id = ${graphId}`])}`;
}

/** What is not final, among all that belongs to runs that are not. */
function open({ projectId, graphId, taskId }: TallyScope): SQL {
  const inScope = all([
    projectId && sql`r.project_id = ${projectId}`,
    graphId && sql`r.graph_id = ${graphId}`,
    taskId && sql`r.project_id = (select project_id from tasks where id = ${taskId})`,
  ]);
  return sql`
    select e.status, count(*)::int as count, (count(*) filter (where ${claimable} and e.due_at <= now()))::int as due
    from (select r.id from runs r where ${active} and ${inScope} offset 0) r cross join lateral (
      select e.status, e.due_at, e.task_id from executions e where e.run_id = r.id offset 0) e
    where e.status in (${statusList(openStatuses)}) and ${taskId ? sql`e.task_id = ${taskId}` : sql`true`}
    group by e.status`;
}

/** By executions_status_idx alone. */
function ended({ projectId, graphId, taskId }: TallyScope): SQL {
  const inScope = all([
    projectId && sql`e.project_id = ${projectId}`,
    graphId && sql`e.run_id in (select r.id from runs r where r.graph_id = ${graphId})`,
    taskId && sql`e.task_id = ${taskId}`,
  ]);
  return sql`
    select e.status, count(*)::int as count, 0 as due from executions e
    where e.status in ('FAILED', 'TIMEOUT', 'CANCELLED') and ${inScope} group by e.status`;
}

async function tallyAll(db: Db): Promise<Tally> {
  const [row] = await db.execute<TotalRow & { rest: Row[] }>(sql`
    select t.*, (select coalesce(json_agg(c), '[]') from (
      select e.status, count(*)::int as count from executions e
      where e.status in ('FAILED', 'TIMEOUT', 'CANCELLED', 'PAUSED', 'RETRYING') group by e.status
      union all ${held}) c) as rest
    from (select (select coalesce(sum(total_count), 0)::int from runs) as total, ${openCount} as open, ${waiting()}) t`);
  if (!row) throw new Error("The database counted nothing.");
  const counts = completeOpen(toStatusCounts(row.rest), row);
  const others = executionStatuses.reduce((n, status) => n + counts[status], 0);
  return {
    counts: { ...counts, COMPLETED: row.total - others },
    total: row.total,
    due: row.due,
  };
}

/** How many executions have each status that is not final; every such status is named. */
export async function tallyOpen(db: Db): Promise<{ status: ExecutionStatus; count: number }[]> {
  const [row] = await db.execute<TotalRow & { rest: Row[] }>(sql`
    select t.*, (select coalesce(json_agg(c), '[]') from (
      select e.status, count(*)::int as count from executions e where e.status in ('PAUSED', 'RETRYING') group by e.status
      union all ${held}) c) as rest
    from (select 0 as total, ${openCount} as open, ${waiting()}) t`);
  if (!row) throw new Error("The database counted nothing.");
  const counts = completeOpen(toStatusCounts(row.rest), row);
  return openStatuses.map((status) => ({ status, count: counts[status] }));
}

/** By executions_held_idx. */
const held = sql`
  select e.status, count(*)::int as count from executions e where e.lease_token is not null group by e.status`;

/** What is not final, by the counts of the runs that are not; by runs_status_idx. */
const openCount = sql`(
  select coalesce(sum(r.total_count - r.completed_count - r.failed_count - r.cancelled_count), 0)::int from runs r where ${active})`;

/** SCHEDULED and RETRYING together, by executions_claim_idx and executions_pool_queue_idx alone. */
function waiting(): SQL {
  const count = (due: SQL) => sql`(
    (select count(*)::int from executions e where ${claimable} and e.pool_id is null and ${due})
    + (select count(*)::int from executions e where ${claimable} and e.pool_id is not null and e.lease_token is null and ${due}))`;
  const isDue = sql`e.priority in (0, 1, 2, 3) and e.due_at <= now()`;
  return sql`${count(sql`true`)} as waiting, ${count(isDue)} as due`;
}

/** What of the open ones is SCHEDULED, and what is left then is PENDING. */
function completeOpen(
  counts: Record<ExecutionStatus, number>,
  { open: sum, waiting: claimableCount }: { open: number; waiting: number },
): Record<ExecutionStatus, number> {
  const { PAUSED, PREPARING, RUNNING, RETRYING } = counts;
  return {
    ...counts,
    SCHEDULED: claimableCount - RETRYING,
    PENDING: sum - claimableCount - PAUSED - PREPARING - RUNNING,
  };
}

/** Counts by status with a zero for each status that has none. */
export function toStatusCounts(
  rows: readonly { status: ExecutionStatus; count: number }[],
): Record<ExecutionStatus, number> {
  const counts = new Map(rows.map(({ status, count }) => [status, count]));
  const entries = executionStatuses.map((status) => [status, counts.get(status) ?? 0] as const);
  return Object.fromEntries(entries) as Record<ExecutionStatus, number>; // made from every status
}
