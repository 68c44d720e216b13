import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { type ExecutionStatus, isPausable } from "@/lib/domain/status";
import { lockExecution } from "./find-run";
import { transact } from "./transaction";
import { applyTransitions } from "./transition";

/** Pauses one execution that waits; its due time survives. Pausing it twice is no error. */
export async function pauseExecution(
  db: Db,
  input: { executionId: string; actor: Actor },
): Promise<{ status: ExecutionStatus }> {
  return transact(db, async (tx) => {
    const { execution, runs } = await lockExecution(tx, input.executionId);
    const { status } = execution;
    if (status === "PAUSED") return { status };
    if (!isPausable(status))
      throw new EngineError(
        "wrong_status",
        `Execution ${execution.id} is ${status}; only one that waits (PENDING, SCHEDULED, RETRYING) can be paused.`,
      );
    const transitions = [{ execution, to: "PAUSED", reason: "paused" }] as const;
    await applyTransitions(tx, { runs, transitions, actor: input.actor });
    return { status: "PAUSED" };
  });
}
