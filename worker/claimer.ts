import { type ClaimedExecution, claimExecutions } from "@/lib/engine/claim-executions";
import type { WorkerDatabase } from "./worker-database";

/** Of four claimed executions one may go to work that has waited beyond the starvation bound. */
const FAIR_SHARE = 4;
/** Right after something became due its row may still be locked by whoever changed it. */
const MIN_WAIT_MS = 5;
/** How much of its lease a claim may take: this process may have been stopped before it saw the answer. */
const MAX_CLAIM_SHARE = 0.5;
/** More at once would only make the first of them wait for the last. */
const MAX_CLAIM = 250;

type Options = {
  database: WorkerDatabase;
  workerId: string;
  runner: string;
  intervalMs: number;
  starvationBoundSeconds: number;
  leaseSeconds: number;
  freeSlots: () => number;
  /** `askedAt` is a moment, on the clock that no one sets, before which the lease cannot have begun. */
  onClaimed: (claimed: ClaimedExecution, askedAt: number) => void;
  /** The answer came so late that the lease can hardly be trusted. */
  onClaimedLate: (claimed: ClaimedExecution) => void;
};

/**
 * The poll of the claiming loop: fills the free slots, then says when to look again. It is woken by notifications and by
 * the worker's own completions; without them it looks when the next execution becomes due, and at the interval.
 */
export function createClaimPoll(options: Options): () => Promise<number> {
  let claimedCount = 0;

  return async () => {
    const limit = Math.min(options.freeSlots(), MAX_CLAIM);
    if (limit <= 0) return options.intervalMs;
    const askedAt = performance.now();
    const { executions, nextDueInMs } = await options.database.run((db) =>
      claimExecutions(db, { ...options, limit, fairSlots: fairSlots(claimedCount, limit) }),
    );
    claimedCount += executions.length;
    const isLate = performance.now() - askedAt > options.leaseSeconds * 1000 * MAX_CLAIM_SHARE;
    for (const execution of executions)
      if (isLate) options.onClaimedLate(execution);
      else options.onClaimed(execution, askedAt);
    if (executions.length === limit) return options.freeSlots() > 0 ? 0 : options.intervalMs;
    return Math.min(options.intervalMs, Math.max(nextDueInMs ?? options.intervalMs, MIN_WAIT_MS));
  };
}

/** How many of the next `limit` claims fall on every fourth one. */
function fairSlots(claimedCount: number, limit: number): number {
  return Math.floor((claimedCount + limit) / FAIR_SHARE) - Math.floor(claimedCount / FAIR_SHARE);
}
