import { and, inArray } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { pausableStatuses } from "@/lib/domain/status";
import type { Run } from "./locks";
import { applyTransitions, type Transition } from "./transition";

/**
 * Pauses what has come to wait in a paused run: a retry after a failed attempt, or work that a draining worker gave back.
 */
export async function pauseForRun(
  tx: Db,
  input: { runs: Map<string, Run>; actor: Actor },
): Promise<number> {
  const paused = [...input.runs.values()]
    .filter((run) => run.pausedAt !== null)
    .map((run) => run.id);
  if (paused.length === 0) return 0;
  const waiting = await tx
    .select()
    .from(executions)
    .where(
      and(inArray(executions.runId, paused), inArray(executions.status, [...pausableStatuses])),
    )
    .orderBy(executions.id)
    .for("update");
  const transitions = waiting.map(
    (execution): Transition => ({ execution, to: "PAUSED", reason: "paused" }),
  );
  await applyTransitions(tx, { ...input, transitions });
  return transitions.length;
}
