import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { isRetryable } from "@/lib/domain/status";
import { lockRun } from "./find-run";
import { retryChosen } from "./retry-chosen";
import { lockExecutionsOfRun } from "./settle-dependents";
import { transact } from "./transaction";

/** Starts everything of a run again that failed or was cancelled, and keeps what completed. */
export async function retryRun(
  db: Db,
  input: { runId: string; actor: Actor },
): Promise<{ count: number }> {
  return transact(db, async (tx) => {
    const { run, runs } = await lockRun(tx, input.runId);
    const all = await lockExecutionsOfRun(tx, run.id);
    const chosen = new Set(all.filter(({ status }) => isRetryable(status)).map(({ id }) => id));
    if (chosen.size === 0)
      throw new EngineError(
        "wrong_status",
        `Nothing in run ${run.id} has failed or was cancelled.`,
      );
    return retryChosen(tx, { run, runs, all, chosen, also: new Set(), actor: input.actor });
  });
}
