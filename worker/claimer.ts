import type { RunTogether } from "@/lib/db/run-together";
import {
  type Claim,
  type ClaimedExecution,
  type ClaimInput,
  claimExecutions,
} from "@/lib/engine/claim-executions";
import { claimProbes } from "@/lib/engine/claim-probes";
import type { WorkerMetrics } from "./metrics";
import type { WorkerDatabase } from "./worker-database";

/** Of four claimed executions one may go to work that has waited beyond the starvation bound. */
const FAIR_SHARE = 4;
/** Right after something became due its row may still be locked by whoever changed it. */
const MIN_WAIT_MS = 5;
/** How much of its lease a claim may take: this process may have been stopped before it saw the answer. */
const MAX_CLAIM_SHARE = 0.5;
/** More at once would only make the first of them wait for the last. */
const MAX_CLAIM = 250;

/** A claim on its way: its slots are taken until it is answered or failed. */
export type Ask = ClaimInput & {
  engine: string;
  /** A moment, on the clock that no one sets, before which the leases cannot have begun. */
  askedAt: number;
};

type Options = {
  database: WorkerDatabase;
  /** Runs statements in one round trip. */
  together: RunTogether;
  /** For the claims that take a transaction, while the breaker of the engine is half-open. */
  probeDatabase: WorkerDatabase;
  workerId: string;
  runner: string;
  engine: string;
  intervalMs: number;
  starvationBoundSeconds: number;
  leaseSeconds: number;
  freeSlots: () => number;
  onClaimed: (claimed: ClaimedExecution, askedAt: number) => void;
  /** The answer came so late that the lease can hardly be trusted. */
  onClaimedLate: (claimed: ClaimedExecution) => void;
  metrics: WorkerMetrics | null;
};

/** Fills the free slots: by polling, and along with completions that free some. */
export class Claimer {
  readonly #options: Options;
  /** Slots of claims on their way. */
  #askedSlots = 0;
  #claimedCount = 0;
  readonly #onTheirWay = new Set<Ask>();
  /** Told of each claim that is answered or has failed. */
  readonly #listeners = new Set<(ask: Ask) => void>();
  /** Something in a pool was due at the last claim. */
  #looksAtPools = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * The poll of the claiming loop: claims, then says when to look again. It is woken by notifications; without them it
   * looks when the next execution becomes due, and at the interval.
   */
  async poll(): Promise<number> {
    const { database, together, probeDatabase, intervalMs } = this.#options;
    const ask = this.ask();
    if (!ask) return intervalMs;
    try {
      const claim = await database.run((db) => claimExecutions(db, ask, together));
      if (claim.halfOpenInMs !== 0) return this.take(ask, claim);
      return this.take(ask, await probeDatabase.run((db) => claimProbes(db, ask)));
    } catch (error) {
      this.drop(ask);
      throw error;
    }
  }

  /** A claim to be sent by whoever asks, who then calls `take` or `drop`; null when no slot is free. */
  ask(): Ask | null {
    const limit = Math.min(this.#options.freeSlots() - this.#askedSlots, MAX_CLAIM);
    if (limit <= 0) return null;
    const fairSlots = fairSlotsOf(this.#claimedCount, limit);
    this.#askedSlots += limit;
    this.#claimedCount += limit;
    const looksAtPools = this.#looksAtPools;
    const ask = { ...this.#options, limit, fairSlots, looksAtPools, askedAt: performance.now() };
    this.#onTheirWay.add(ask);
    return ask;
  }

  /** Starts what was claimed; returns after how many milliseconds to look again. */
  take(ask: Ask, { executions, nextDueInMs, halfOpenInMs, pools }: Claim): number {
    this.drop(ask);
    this.#looksAtPools = pools !== "none";
    this.#claimedCount += executions.length;
    const { leaseSeconds, intervalMs, onClaimed, onClaimedLate, metrics } = this.#options;
    const tookMs = performance.now() - ask.askedAt;
    metrics?.claimed(executions.length, tookMs);
    const isLate = tookMs > leaseSeconds * 1000 * MAX_CLAIM_SHARE;
    for (const execution of executions)
      if (isLate) onClaimedLate(execution);
      else onClaimed(execution, ask.askedAt);
    if (pools === "needed") return 0;
    if (executions.length === ask.limit) return this.#options.freeSlots() > 0 ? 0 : intervalMs;
    // While the breaker of the engine is not closed, what is due waits for its time and not for a slot.
    const waitMs = halfOpenInMs ?? nextDueInMs ?? intervalMs;
    return Math.min(intervalMs, Math.max(waitMs, MIN_WAIT_MS));
  }

  /** The claim failed: nobody knows what it took, and a heartbeat finds that. */
  drop(ask: Ask): void {
    this.#askedSlots -= ask.limit;
    this.#claimedCount -= ask.limit;
    this.#onTheirWay.delete(ask);
    for (const tell of this.#listeners) tell(ask);
  }

  /** Resolves when every claim that is on its way at this moment has been answered or has failed. */
  whenAnswered(): Promise<void> {
    const left = new Set(this.#onTheirWay);
    if (left.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const tell = (ask: Ask) => {
        left.delete(ask);
        if (left.size > 0) return;
        this.#listeners.delete(tell);
        resolve();
      };
      this.#listeners.add(tell);
    });
  }
}

/** How many of the next `limit` claims fall on every fourth one. */
function fairSlotsOf(claimedCount: number, limit: number): number {
  return Math.floor((claimedCount + limit) / FAIR_SHARE) - Math.floor(claimedCount / FAIR_SHARE);
}
