import { type ClaimInput, claimExecutions } from "@/lib/engine/claim-executions";
import { completeAttempts } from "@/lib/engine/complete-attempts";
import type { WorkerDatabases } from "./worker-databases";

/**
 * Has the statements of the hot path planned on the connections that stay open, before there is work: that takes ten
 * times as long as running one.
 */
export async function prepareConnections(
  { hot, exchange }: Pick<WorkerDatabases, "hot" | "exchange">,
  worker: Pick<ClaimInput, "workerId" | "runner" | "engine">,
): Promise<void> {
  // It takes nothing.
  const claim: ClaimInput = {
    ...worker,
    limit: 0,
    fairSlots: 0,
    starvationBoundSeconds: 0,
    leaseSeconds: 0,
  };
  const actor = { type: "worker", id: worker.workerId } as const;
  const planned = [hot, exchange].flatMap((database) => [
    database.run((db) => claimExecutions(db, claim)),
    ...[false, true].map((onlyReleased) =>
      database.run((db) =>
        completeAttempts(db, { attempts: [], actor, claim: { ...claim, onlyReleased } }),
      ),
    ),
  ]);
  await Promise.all(planned);
}
