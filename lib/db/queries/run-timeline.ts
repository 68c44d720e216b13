import { asc, eq, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { attempts, executions, runs } from "@/lib/db/schema/executions";
import type { RunTimeline } from "@/lib/domain/views";

/** When each attempt of a run did what; null when there is no such run. */
export async function getRunTimeline(
  db: Db,
  { runId }: { runId: string },
): Promise<RunTimeline | null> {
  const [run] = await db
    .select({ now: sql<string>`clock_timestamp()` })
    .from(runs)
    .where(eq(runs.id, runId))
    .limit(1);
  if (!run) return null;

  // A run is bounded by the limit on its executions; index executions_run_id_task_key_key.
  const rows = await db
    .select({
      executionId: executions.id,
      createdAt: executions.createdAt,
      readyAt: executions.readyAt,
      finishedAt: executions.finishedAt,
    })
    .from(executions)
    .where(eq(executions.runId, runId))
    .orderBy(asc(executions.id));
  const attemptsOf = await listAttempts(db, runId);
  return {
    executions: rows.map((row) => ({
      executionId: row.executionId,
      createdAt: row.createdAt.toISOString(),
      readyAt: row.readyAt?.toISOString() ?? null,
      finishedAt: row.finishedAt?.toISOString() ?? null,
      attempts: attemptsOf.get(row.executionId) ?? [],
    })),
    now: new Date(run.now).toISOString(),
  };
}

type TimelineAttempt = RunTimeline["executions"][number]["attempts"][number];

async function listAttempts(db: Db, runId: string): Promise<Map<string, TimelineAttempt[]>> {
  const rows = await db
    .select({
      executionId: attempts.executionId,
      attempt: attempts.attempt,
      claimedAt: attempts.claimedAt,
      startedAt: attempts.startedAt,
      endedAt: attempts.endedAt,
      outcome: attempts.outcome,
      nextAttemptAt: attempts.nextAttemptAt,
    })
    .from(attempts)
    .innerJoin(executions, eq(executions.id, attempts.executionId))
    .where(eq(executions.runId, runId))
    .orderBy(asc(attempts.executionId), asc(attempts.attempt));
  const byExecution = new Map<string, TimelineAttempt[]>();
  for (const { executionId, ...row } of rows) {
    const list = byExecution.get(executionId) ?? [];
    list.push({
      attempt: row.attempt,
      claimedAt: row.claimedAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
      outcome: row.outcome,
      nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    });
    byExecution.set(executionId, list);
  }
  return byExecution;
}
