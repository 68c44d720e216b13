import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { ExecutionStatus } from "@/lib/domain/status";
import { lockExecution } from "./find-run";
import type { Execution } from "./locks";
import { transact } from "./transaction";
import { applyTransitions } from "./transition";

/** Lets a paused execution wait again for what it waited for. Refused while its whole run is paused. */
export async function resumeExecution(
  db: Db,
  input: { executionId: string; actor: Actor },
): Promise<{ status: ExecutionStatus }> {
  return transact(db, async (tx) => {
    const { execution, run, runs } = await lockExecution(tx, input.executionId);
    if (execution.status !== "PAUSED")
      throw new EngineError(
        "wrong_status",
        `Execution ${execution.id} is ${execution.status}, not PAUSED.`,
      );
    if (run.pausedAt)
      throw new EngineError("wrong_status", `Run ${run.id} is paused as a whole; resume the run.`);
    const to = resumedStatus(execution);
    const transitions = [{ execution, to, reason: "resumed" }] as const;
    await applyTransitions(tx, { runs, transitions, actor: input.actor });
    return { status: to };
  });
}

/** Where a paused execution goes back to: its dependencies may have completed while it was paused. */
export function resumedStatus(
  execution: Pick<Execution, "unfinishedDependencies" | "pausedFrom">,
): "PENDING" | "RETRYING" | "SCHEDULED" {
  if (execution.unfinishedDependencies > 0) return "PENDING";
  return execution.pausedFrom === "RETRYING" ? "RETRYING" : "SCHEDULED";
}
