import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executionDependencies, executions, runs as runsTable } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { planRetry, type RetryNode } from "@/lib/domain/manual-retry";
import type { Execution, Run } from "./locks";
import { pauseForRun } from "./pause-for-run";
import { applyTransitions, type Transition } from "./transition";

/**
 * Starts chosen executions of a locked run again, those in `also` as far as nothing else stands in their way, and revives
 * what was cancelled because of them. Throws an EngineError `wrong_status` naming the first that cannot be retried.
 */
export async function retryChosen(
  tx: Db,
  input: {
    run: Run;
    runs: Map<string, Run>;
    all: Execution[];
    chosen: ReadonlySet<string>;
    also: ReadonlySet<string>;
    actor: Actor;
  },
): Promise<{ count: number }> {
  const { run, runs, all, actor } = input;
  const byId = new Map(all.map((execution) => [execution.id, execution]));
  const plan = planRetry(await nodesOf(tx, run.id, all), input);
  if (!plan.ok) throw refusal(plan, byId);

  // The run lives again: what was asked of it before no longer holds.
  run.cancelRequestedAt = null;
  await tx.update(runsTable).set({ cancelRequestedAt: null }).where(eq(runsTable.id, run.id));
  const transitions = [...plan.retried, ...plan.revived]
    .flatMap((id) => byId.get(id) ?? [])
    .map(
      (execution): Transition => ({
        execution,
        to: execution.unfinishedDependencies > 0 ? "PENDING" : "SCHEDULED",
        reason: "manual_retry",
        dueInSeconds: 0,
        reset: true,
      }),
    );
  await applyTransitions(tx, { runs, transitions, actor });
  await pauseForRun(tx, { runs, actor });
  return { count: transitions.length };
}

async function nodesOf(tx: Db, runId: string, all: readonly Execution[]): Promise<RetryNode[]> {
  const edges = await tx
    .select({
      executionId: executionDependencies.executionId,
      dependsOnId: executionDependencies.dependsOnId,
    })
    .from(executionDependencies)
    .innerJoin(executions, eq(executions.id, executionDependencies.executionId))
    .where(eq(executions.runId, runId));
  const dependsOn = new Map<string, string[]>(all.map(({ id }) => [id, []]));
  for (const edge of edges) dependsOn.get(edge.executionId)?.push(edge.dependsOnId);
  return all.map(({ id, status, reason }) => ({
    id,
    status,
    reason,
    dependsOn: dependsOn.get(id) ?? [],
  }));
}

function refusal(
  plan: { id: string; blockedBy: string | null },
  byId: Map<string, Execution>,
): EngineError {
  const name = byId.get(plan.id)?.taskName ?? plan.id;
  const blocker = plan.blockedBy === null ? null : byId.get(plan.blockedBy);
  if (blocker) {
    const message = `"${name}" waits for "${blocker.taskName}", which is ${blocker.status}; retry that one.`;
    return new EngineError("wrong_status", message);
  }
  const status = byId.get(plan.id)?.status;
  const message = `"${name}" is ${status}; only what is FAILED, TIMEOUT or CANCELLED can be retried.`;
  return new EngineError("wrong_status", message);
}
