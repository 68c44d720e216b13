import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { attempts } from "@/lib/db/schema/executions";
import type { ExecutionStats } from "@/lib/domain/views";
import { all, statusList } from "./execution-filter";
import { activeRunStatuses, newestExecutions } from "./newest-executions";
import { type Tally, tallyExecutions } from "./tally";

/** How many of the latest executions the times are measured on, so that their cost does not grow with the history. */
const SAMPLE_SIZE = 2000;

/**
 * The statistics of all executions that are kept, or of one project's. Times are those that ended in the last 24 hours among
 * the newest SAMPLE_SIZE.
 */
export async function getExecutionStats(
  db: Db,
  { projectId }: { projectId?: string },
): Promise<ExecutionStats> {
  const { counts, total, due } = await tallyExecutions(db, { projectId });
  const [retried, started, ended, times] = await Promise.all([
    countRetried(db, projectId),
    countAttempts(db, projectId, counts),
    countEnded(db, projectId),
    measureTimes(db, projectId),
  ]);
  return {
    total_executions: total,
    successful_executions: counts.COMPLETED,
    failed_executions: counts.FAILED,
    retried_executions: retried,
    cancelled_executions: counts.CANCELLED,
    timed_out_executions: counts.TIMEOUT,
    status_counts: counts,
    queue_length: due,
    running_count: counts.PREPARING + counts.RUNNING,
    total_count: total,
    attempts: started,
    throughput_last_hour: ended,
    ...times,
  };
}

/** Tried more than once, or about to be: by executions_retried_idx and executions_status_idx alone. */
async function countRetried(db: Db, projectId: string | undefined): Promise<number> {
  const inScope = projectId ? sql`project_id = ${projectId}` : sql`true`;
  return readCount(
    db,
    sql`select (select count(*)::int from executions where attempt > 1 and ${inScope})
      + (select count(*)::int from executions where status = 'RETRYING' and attempt <= 1 and ${inScope}) as count`,
  );
}

/**
 * Attempts are numbered without gaps, so each execution has as many as its latest one's number. Nearly all that were started
 * have one; added are those of the others beyond the first. By executions_retried_idx and executions_status_idx alone.
 */
async function countAttempts(
  db: Db,
  projectId: string | undefined,
  counts: Tally["counts"],
): Promise<number> {
  const inScope = projectId ? sql`project_id = ${projectId}` : sql`true`;
  // Of the other statuses only some have been started: before a cancel, a pause or a person's retry.
  const { COMPLETED, FAILED, TIMEOUT, PREPARING, RUNNING, RETRYING } = counts;
  const others = await readCount(
    db,
    sql`select (
      (select count(*) from executions where status in ('CANCELLED', 'PAUSED') and attempt >= 1 and ${inScope})
      + (select count(*) from executions where attempt = 1 and status in ('PENDING', 'SCHEDULED') and ${inScope})
      + (select count(*) from executions where attempt > 1 and status in ('PENDING', 'SCHEDULED') and ${inScope})
      + (select coalesce(sum(attempt - 1), 0) from executions where attempt > 1 and ${inScope}))::int as count`,
  );
  return COMPLETED + FAILED + TIMEOUT + PREPARING + RUNNING + RETRYING + others;
}

/**
 * What became final in the last hour: of runs from that hour all that is final, by their counts; of older ones that were
 * active in it, their executions are looked at. By runs_finished_at_idx and runs_status_idx.
 */
async function countEnded(db: Db, projectId: string | undefined): Promise<number> {
  const hourAgo = sql`now() - interval '1 hour'`;
  const inScope = all([projectId && sql`r.project_id = ${projectId}`]);
  return readCount(
    db,
    sql`select coalesce(sum(case when r.created_at > ${hourAgo}
        then r.completed_count + r.failed_count + r.cancelled_count else older.count end), 0)::int as count
      from (
        select * from runs r where r.finished_at > ${hourAgo} and ${inScope}
        union all select * from runs r where r.status in (${statusList(activeRunStatuses)}) and ${inScope}
      ) r left join lateral (
        select count(*) from executions e where r.created_at <= ${hourAgo} and e.run_id = r.id and e.finished_at > ${hourAgo}
        offset 0) older on true`,
  );
}

async function readCount(db: Db, statement: SQL): Promise<number> {
  const [row] = await db.execute<{ count: number }>(statement);
  return row?.count ?? 0;
}

type TimesRow = Record<
  "waiting_p50" | "waiting_p95" | "running_p50" | "running_p95",
  number | null
>;

/** Waiting: from being ready and due to the first claim. Running: the last attempt, from its claim to its end. */
async function measureTimes(
  db: Db,
  projectId: string | undefined,
): Promise<Pick<ExecutionStats, "waiting_ms" | "running_ms">> {
  const { rows } = await newestExecutions(db, { projectId }, { size: SAMPLE_SIZE });
  const [row] = await db.execute<TimesRow>(sql`
    with sample as materialized (
      select * from (${rows}) s where s.finished_at > now() - interval '24 hours' and s.started_at is not null
    ),
    times as (
      select extract(epoch from s.started_at - greatest(s.scheduled_at, coalesce(s.ready_at, s.created_at))) * 1000 as waiting,
        extract(epoch from a.ended_at - a.claimed_at) * 1000 as running
      from sample s left join lateral (
        select * from ${attempts} a where a.execution_id = s.id and a.attempt = s.attempt offset 0) a on true
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
