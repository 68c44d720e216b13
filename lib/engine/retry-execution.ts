import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import { isRetryable } from "@/lib/domain/status";
import { lockExecution } from "./find-run";
import { retryChosen } from "./retry-chosen";
import { findDownstream, lockExecutionsOfRun } from "./settle-dependents";
import { transact } from "./transaction";

/**
 * Starts an ended execution again with a fresh budget of retries, and revives what was cancelled because of it. With
 * `downstream`, everything downstream that ended without completing starts again too. Returns how many were changed.
 */
export async function retryExecution(
  db: Db,
  input: { executionId: string; downstream: boolean; actor: Actor },
): Promise<{ count: number }> {
  return transact(db, async (tx) => {
    const { execution, run, runs } = await lockExecution(tx, input.executionId);
    const all = await lockExecutionsOfRun(tx, run.id);
    const downstream = input.downstream ? await findDownstream(tx, [execution.id]) : new Map();
    const chosen = new Set([execution.id]);
    const also = new Set(
      all.filter(({ id, status }) => downstream.has(id) && isRetryable(status)).map(({ id }) => id),
    );
    return retryChosen(tx, { run, runs, all, chosen, also, actor: input.actor });
  });
}
