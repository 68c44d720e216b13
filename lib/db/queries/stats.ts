import { eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { attempts, executions } from "@/lib/db/schema/executions";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { ExecutionStats } from "@/lib/domain/views";
import { toStatusCounts } from "./executions";

/** How many of the latest executions the times are measured on, so that their cost does not grow with the history. */
const SAMPLE_SIZE = 10_000;

/** The statistics of all executions, or of one project's; times are those of the last 24 hours. */
export async function getExecutionStats(
  db: Db,
  { projectId }: { projectId?: string },
): Promise<ExecutionStats> {
  const scope = projectId ? eq(executions.projectId, projectId) : sql`true`;
  const [rows, times] = await Promise.all([countByStatus(db, scope), measureTimes(db, scope)]);
  const counts = toStatusCounts(rows);
  const sum = (of: (row: CountRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const total = sum((row) => row.count);
  return {
    total_executions: total,
    successful_executions: counts.COMPLETED,
    failed_executions: counts.FAILED,
    retried_executions: sum((row) => row.retried),
    cancelled_executions: counts.CANCELLED,
    timed_out_executions: counts.TIMEOUT,
    status_counts: counts,
    queue_length: sum((row) => row.queued),
    running_count: counts.PREPARING + counts.RUNNING,
    total_count: total,
    attempts: sum((row) => row.attempts),
    throughput_last_hour: sum((row) => row.finished),
    ...times,
  };
}

type CountRow = {
  status: ExecutionStatus;
  count: number;
  retried: number;
  queued: number;
  attempts: number;
  finished: number;
};

/** One pass over all executions; by executions_project_id_idx for one project. */
async function countByStatus(db: Db, scope: SQL): Promise<CountRow[]> {
  const { status, attempt, dueAt, finishedAt } = executions;
  return db
    .select({
      status,
      count: sql<number>`count(*)::int`,
      retried: sql<number>`(count(*) filter (where ${attempt} > 1 or ${status} = 'RETRYING'))::int`,
      queued: sql<number>`(count(*) filter (where ${status} in ('SCHEDULED', 'RETRYING') and ${dueAt} <= now()))::int`,
      // Attempts are numbered without gaps, so the latest number is how many there were.
      attempts: sql<number>`sum(${attempt})::float8`,
      finished: sql<number>`(count(*) filter (where ${finishedAt} > now() - interval '1 hour'))::int`,
    })
    .from(executions)
    .where(scope)
    .groupBy(status);
}

type TimesRow = Record<
  "waiting_p50" | "waiting_p95" | "running_p50" | "running_p95",
  number | null
>;

/**
 * Waiting: from being ready and due to the first claim. Running: the last attempt, from its claim to its end. The sample is
 * the end of the primary key, or of executions_project_id_idx.
 */
async function measureTimes(
  db: Db,
  scope: SQL,
): Promise<Pick<ExecutionStats, "waiting_ms" | "running_ms">> {
  const [row] = await db.execute<TimesRow>(sql`
    with sample as (
      select * from (select * from ${executions} where ${scope} order by ${executions.id} desc limit ${SAMPLE_SIZE}) s
      where finished_at > now() - interval '24 hours' and started_at is not null
    ),
    times as (
      select extract(epoch from s.started_at - greatest(s.scheduled_at, coalesce(s.ready_at, s.created_at))) * 1000 as waiting,
        extract(epoch from a.ended_at - a.claimed_at) * 1000 as running
      from sample s left join ${attempts} a on a.execution_id = s.id and a.attempt = s.attempt
    )
    select ${percentile("waiting", 0.5)} as waiting_p50, ${percentile("waiting", 0.95)} as waiting_p95,
      ${percentile("running", 0.5)} as running_p50, ${percentile("running", 0.95)} as running_p95
    from times`);
  return {
    waiting_ms: { p50: row?.waiting_p50 ?? null, p95: row?.waiting_p95 ?? null },
    running_ms: { p50: row?.running_p50 ?? null, p95: row?.running_p95 ?? null },
  };
}

function percentile(column: "waiting" | "running", fraction: number): SQL {
  const times = sql.raw(`greatest(${column}, 0)`);
  return sql`round(percentile_cont(${fraction}) within group (order by ${times}) filter (where ${sql.raw(column)} is not null))`;
}
