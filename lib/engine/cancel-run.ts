import { eq, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { runs as runsTable } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { isFinal, isHeld, isRunFinal } from "@/lib/domain/status";
import { lockRun } from "./find-run";
import { requestCancel } from "./request-cancel";
import { lockExecutionsOfRun } from "./settle-dependents";
import { transact } from "./transaction";
import { applyTransitions, type Transition } from "./transition";

/**
 * Cancels a whole run: what waits is CANCELLED at once, what runs is asked to stop. Returns how many of each. Cancelling a
 * cancelled run is no error; throws an EngineError `already_terminal` when it has ended otherwise.
 */
export async function cancelRun(
  db: Db,
  input: { runId: string; force: boolean; actor: Actor },
): Promise<{ cancelled: number; requested: number }> {
  return transact(db, async (tx) => {
    const { run, runs } = await lockRun(tx, input.runId);
    if (run.status === "CANCELLED") return { cancelled: 0, requested: 0 };
    if (isRunFinal(run.status))
      throw new EngineError(
        "already_terminal",
        `Run ${run.id} is ${run.status}; only one that has not ended can be cancelled.`,
      );
    run.cancelRequestedAt ??= new Date();
    await tx
      .update(runsTable)
      .set({ cancelRequestedAt: sql`coalesce(${runsTable.cancelRequestedAt}, clock_timestamp())` })
      .where(eq(runsTable.id, run.id));
    const open = (await lockExecutionsOfRun(tx, run.id)).filter(({ status }) => !isFinal(status));
    const held = open.filter(({ status }) => isHeld(status));
    const waiting = open.filter(({ status }) => !isHeld(status));
    await requestCancel(tx, { held, force: input.force });
    const transitions = waiting.map(
      (execution): Transition => ({ execution, to: "CANCELLED", reason: "cancel_requested" }),
    );
    await applyTransitions(tx, { runs, transitions, actor: input.actor });
    return { cancelled: waiting.length, requested: held.length };
  });
}
