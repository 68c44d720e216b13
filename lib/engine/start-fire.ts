import type { Db } from "@/lib/db/database";
import { fromRank } from "@/lib/db/schedule-row";
import { isDatabaseUnavailable, sqlStateOf } from "@/lib/db/sql-state";
import { EngineError } from "@/lib/domain/errors";
import type { FireOutcome } from "@/lib/domain/schedule";
import type { Schedule } from "./lock-schedule";
import { runGraph } from "./run-graph";
import { isPassing } from "./transaction";

export type StartedFire = {
  outcome: FireOutcome;
  runId: string | null;
  /** Why there is no run, in words. */
  error: string | null;
  /** What broke, for the log, where it was no refusal. */
  fault: unknown;
};

/**
 * Starts the run of one fire time of a schedule, within the caller's transaction: a second call for the same fire time
 * returns the same run. A run that cannot be created leaves nothing behind but the reason in words.
 */
export async function startFire(
  tx: Db,
  input: { schedule: Schedule; fireAt: Date; priority: number | null; backfillId?: string },
): Promise<StartedFire> {
  const { schedule, fireAt, priority, backfillId } = input;
  const { id: scheduleId, graphId, timeZone, name } = schedule;
  try {
    // A savepoint: what failed within is undone, and the caller's transaction goes on.
    const { runId } = await tx.transaction((savepoint) =>
      runGraph(savepoint, {
        graphId,
        priority: fromRank(priority),
        fire: { scheduleId, fireAt, timeZone, ...(backfillId && { backfillId }) },
        // With spaces, which no key of a client can have.
        idempotencyKey: `schedule ${scheduleId} ${fireAt.toISOString()}`,
        request: { scheduleId, fireAt },
        actor: { type: "system", id: `schedule ${name}` },
      }),
    );
    return { outcome: "started", runId, error: null, fault: null };
  } catch (error) {
    // These are no matter of this schedule: the whole transaction is to be tried again.
    if (isDatabaseUnavailable(error) || isPassing(error)) throw error;
    return describeFailure(error);
  }
}

function describeFailure(error: unknown): StartedFire {
  if (error instanceof EngineError)
    return { outcome: "failed", runId: null, error: error.message, fault: null };
  const words =
    sqlStateOf(error) === "57014"
      ? "The database took too long to create the run."
      : "Something went wrong when the run was created; the worker's log says more.";
  return { outcome: "failed", runId: null, error: words, fault: error };
}
