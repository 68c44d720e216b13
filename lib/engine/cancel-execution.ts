import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { type ExecutionStatus, isFinal, isHeld } from "@/lib/domain/status";
import { lockExecution } from "./find-run";
import { requestCancel } from "./request-cancel";
import { cancelDependents } from "./settle-dependents";
import { transact } from "./transaction";
import { applyTransitions } from "./transition";

/**
 * Cancels one execution. What waits is CANCELLED at once, with everything downstream; for what runs the request is recorded
 * and its worker stops the work. `force` skips the grace. Cancelling twice is no error. Throws an EngineError
 * `already_terminal` when it has ended otherwise.
 */
export async function cancelExecution(
  db: Db,
  input: { executionId: string; force: boolean; actor: Actor },
): Promise<{ status: ExecutionStatus; requested: boolean }> {
  return transact(db, async (tx) => {
    const { execution, runs } = await lockExecution(tx, input.executionId);
    const { status } = execution;
    if (status === "CANCELLED") return { status, requested: false };
    if (isFinal(status))
      throw new EngineError(
        "already_terminal",
        `Execution ${execution.id} is ${status}; only one that has not ended can be cancelled.`,
      );
    if (isHeld(status)) {
      await requestCancel(tx, { held: [execution], force: input.force });
      return { status, requested: true };
    }
    const { actor } = input;
    await applyTransitions(tx, {
      runs,
      actor,
      transitions: [{ execution, to: "CANCELLED", reason: "cancel_requested" }],
    });
    await cancelDependents(tx, { runs, actor, endedIds: [execution.id] });
    return { status: "CANCELLED", requested: false };
  });
}
