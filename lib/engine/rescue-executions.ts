import { and, asc, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { heldSettings } from "@/lib/db/prepared";
import { executions, runs as runsTable } from "@/lib/db/schema/executions";
import type { Failure } from "@/lib/domain/failure";
import type { HookContext } from "./hooks";
import type { Execution } from "./locks";
import { type EndedAttempt, endAttempts } from "./record-attempts";
import { transact } from "./transaction";

/** Runs that one sweep takes at most; the next one takes the rest. */
const MAX_RUNS = 50;

/** An attempt whose end the sweep has recorded, and why it ended. */
export type RescuedAttempt = HookContext & { message: string };

/**
 * The sweep: ends attempts whose lease has expired, and attempts far beyond their deadline whose worker still sends
 * heartbeats but does not end them. Returns those that were ended. Several sweeps at once share the runs among themselves;
 * a run that somebody has locked is left to the next sweep.
 */
export async function rescueExecutions(
  db: Db,
  input: { overdueSeconds: number; actorId: string },
): Promise<RescuedAttempt[]> {
  const isOverdue = and(
    isNotNull(executions.leaseToken),
    or(
      sql`${executions.leaseExpiresAt} < clock_timestamp()`,
      sql`${executions.deadlineAt} < clock_timestamp() - make_interval(secs => ${input.overdueSeconds})`,
    ),
  );
  return transact(db, async (tx) => {
    const runIds = await findRuns(tx, isOverdue);
    if (runIds.length === 0) return [];
    const locked = await tx
      .select()
      .from(runsTable)
      .where(inArray(runsTable.id, runIds))
      .orderBy(asc(runsTable.id))
      .for("update", { skipLocked: true });
    const runs = new Map(locked.map((run) => [run.id, run]));
    if (runs.size === 0) return [];
    // Asked again under the lock: a heartbeat or a completion may have come in between.
    const overdue = await tx
      .select({
        execution: executions,
        isLate: sql<boolean>`${executions.deadlineAt} < clock_timestamp()`,
      })
      .from(executions)
      .where(and(isOverdue, inArray(executions.runId, [...runs.keys()])))
      .orderBy(asc(executions.id))
      .for("update", { of: executions, skipLocked: true });
    const rescued = overdue.map(({ execution, isLate }) => ({
      execution,
      failure: isLate ? timedOut(execution) : lost(),
    }));
    const ends = rescued.map(({ execution, failure }): EndedAttempt => {
      return { execution, end: { kind: "failed", failure } };
    });
    await endAttempts(tx, { ends, runs, actor: { type: "system", id: input.actorId } });
    return rescued.map(({ execution, failure: { message } }) => toRescued(execution, message));
  });
}

/**
 * Runs with something overdue, by executions_held_idx alone. Asked for different runs at once, the planner walks through
 * everything that ever ran, run by run, when it expects much of it to be held.
 */
async function findRuns(tx: Db, isOverdue: SQL | undefined): Promise<string[]> {
  const settings = Object.entries(heldSettings).map(
    ([name, value]) => sql`set_config(${name}, ${value}, true)`,
  );
  await tx.execute(sql`select ${sql.join(settings, sql`, `)}`);
  const found = await tx.execute<{ id: string }>(sql`
    with overdue as materialized (select run_id as id from executions where ${isOverdue})
    select distinct id from overdue limit ${MAX_RUNS}`);
  return found.map(({ id }) => id);
}

function timedOut(execution: Execution): Failure {
  const message = `The attempt took longer than ${execution.timeoutSeconds} s and its worker did not end it.`;
  return { class: "timeout", message, exitCode: null, signal: null };
}

function lost(): Failure {
  const message = "The worker stopped answering before the attempt ended.";
  return { class: "infrastructure", message, exitCode: null, signal: null };
}

function toRescued(execution: Execution, message: string): RescuedAttempt {
  const { id, runId, projectId, taskKey, taskName, attempt, metadata } = execution;
  return { executionId: id, runId, projectId, taskKey, taskName, attempt, metadata, message };
}
