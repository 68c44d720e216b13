import {
  type Claim,
  type ClaimedExecution,
  type ClaimInput,
  claimExecutions,
} from "@/lib/engine/claim-executions";
import { claimProbes } from "@/lib/engine/claim-probes";
import type { WorkerMetrics } from "./metrics";
import type { WorkerDatabases } from "./worker-databases";

/** Of four claimed executions one may go to work that has waited beyond the starvation bound. */
const FAIR_SHARE = 4;
/** How often what has waited beyond the bound is looked for while there is none. */
const STARVED_INTERVAL_MS = 1000;
/** What is due and was not taken has become due, or was locked by somebody, in the moment since the claim looked for it. */
const MIN_WAIT_MS = 5;
/** How much of its lease a claim may take: this process may have been stopped before it saw the answer. */
const MAX_CLAIM_SHARE = 0.5;
/** So many at once are a large batch. */
const LARGE = 100;
/** More at once would only make the first of them wait for the last. */
const MAX_CLAIM = 500;

/** A claim on its way: its slots are taken until it is answered or failed. */
export type Ask = ClaimInput & {
  engine: string;
  /** A moment, on the clock that no one sets, before which the leases cannot have begun. */
  askedAt: number;
  noticeCount: number;
};

type Options = {
  databases: Pick<WorkerDatabases, "hot" | "exchange" | "ordinary">;
  workerId: string;
  runner: string;
  engine: string;
  intervalMs: number;
  starvationBoundSeconds: number;
  leaseSeconds: number;
  /** How many other workers are known to live. */
  otherWorkers: () => number;
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
  /** When a claim last looked for what has waited beyond the starvation bound, and whether it found any. */
  #lookedForStarvedAt = Number.NEGATIVE_INFINITY;
  #foundStarved = false;
  /** Something in a pool was due at the last claim. */
  #looksAtPools = false;
  /** Until when nothing waits, as far as the last look at the queue and the notifications since can tell. */
  #emptyUntil = Number.NEGATIVE_INFINITY;
  /** The last claim took a large batch of the queue, as much as it could. */
  #wasLarge = false;
  #isQueueDeep = false;
  /** How often something was said to wait. */
  #noticeCount = 0;
  /** The same at the last poll that found no free slot, unless somebody has asked for the queue since. */
  #missedNotice = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * The poll of the claiming loop: claims, then says when to look again. It is woken by notifications; without them it
   * looks when the next execution becomes due, and at the interval.
   */
  async poll(): Promise<number> {
    const { databases, intervalMs } = this.#options;
    const { hot, exchange, ordinary } = databases;
    const ask = this.ask();
    if (!ask) {
      this.#missedNotice = this.#noticeCount;
      return intervalMs;
    }
    try {
      // Where completions go it finds what the last one left in memory, and the next one what it leaves.
      const isBeside = exchange.isBusy || (this.#isQueueDeep && !hot.isBusy);
      const database = isBeside ? hot : exchange;
      const claim = await database.run((db) =>
        claimExecutions(db, ask, (statements) => exchange.runTogether(statements)),
      );
      if (claim.halfOpenInMs !== 0) return this.take(ask, claim);
      // While the breaker of the engine is half-open, a claim takes a transaction.
      return this.take(ask, await ordinary.run((db) => claimProbes(db, ask)));
    } catch (error) {
      this.drop(ask);
      throw error;
    }
  }

  /** A large batch was taken twice, or one is known to be left: there is enough to take without what completions release. */
  get isQueueDeep(): boolean {
    return this.#isQueueDeep;
  }

  /** Something may have come to wait: whoever claims next looks at the queue. */
  notice(): void {
    this.#noticeCount++;
    this.#emptyUntil = Number.NEGATIVE_INFINITY;
  }

  /**
   * A claim to go along with completions. While nothing is known to wait it takes no more than what they release, which
   * costs the database less; should something wait all the same, the next poll takes it.
   *
   * Null when no slot is free, and while the queue is deep, so that both need not wait for each other: a claim of its own
   * goes at the same time.
   */
  askAlong(): Ask | null {
    return this.#isQueueDeep ? null : this.#ask({ mayPassQueue: true });
  }

  /** A claim to be sent by whoever asks, who then calls `take` or `drop`; null when no slot is free. */
  ask(): Ask | null {
    return this.#ask({ mayPassQueue: false });
  }

  #ask({ mayPassQueue }: { mayPassQueue: boolean }): Ask | null {
    const limit = Math.min(this.#options.freeSlots() - this.#askedSlots, this.#mostAtOnce());
    if (limit <= 0) return null;
    const askedAt = performance.now();
    const onlyReleased = mayPassQueue && askedAt < this.#emptyUntil;
    if (!onlyReleased) this.#missedNotice = 0;
    const fairSlots = onlyReleased ? 0 : this.#takeFairSlots(limit);
    this.#askedSlots += limit;
    this.#claimedCount += limit;
    const ask = {
      ...this.#options,
      limit,
      fairSlots,
      looksAtPools: this.#looksAtPools,
      onlyReleased,
      askedAt,
      noticeCount: this.#noticeCount,
    };
    this.#onTheirWay.add(ask);
    return ask;
  }

  /**
   * Of a queue that may not be deep a worker takes its share of a large batch: what is there is done sooner by all than by the
   * one that came first, above all where it releases much more.
   */
  #mostAtOnce(): number {
    if (this.#wasLarge || this.#isQueueDeep) return MAX_CLAIM;
    return Math.max(LARGE, Math.floor(MAX_CLAIM / (1 + this.#options.otherWorkers())));
  }

  /** Starts what was claimed; returns after how many milliseconds to look again. */
  take(ask: Ask, claim: Claim): number {
    const { executions, nextDueInMs, halfOpenInMs, pools } = claim;
    this.drop(ask);
    this.#noteDepth(ask, claim);
    this.#looksAtPools = pools !== "none";
    const boundMs = this.#options.starvationBoundSeconds * 1000;
    if (ask.fairSlots > 0)
      this.#foundStarved = executions.some(({ waitedMs }) => waitedMs > boundMs);
    this.#claimedCount += executions.length;
    const { leaseSeconds, intervalMs, onClaimed, onClaimedLate, metrics } = this.#options;
    const tookMs = performance.now() - ask.askedAt;
    metrics?.claimed(executions.length, tookMs);
    const isLate = tookMs > leaseSeconds * 1000 * MAX_CLAIM_SHARE;
    for (const execution of executions)
      if (isLate) onClaimedLate(execution);
      else onClaimed(execution, ask.askedAt);
    if (pools === "needed") return 0;
    const isFull = executions.length === ask.limit;
    const isEmpty = pools === "none" && !isFull && halfOpenInMs === null;
    if (isEmpty && !ask.onlyReleased && ask.noticeCount === this.#noticeCount)
      this.#emptyUntil = performance.now() + (nextDueInMs ?? Number.POSITIVE_INFINITY);
    if (isFull) return this.#options.freeSlots() > 0 ? 0 : intervalMs;
    // What came to wait meanwhile found all slots taken, by this claim too.
    if (ask.noticeCount < this.#missedNotice) return 0;
    // While the breaker of the engine is not closed, what is due waits for its time and not for a slot.
    const waitMs = halfOpenInMs ?? nextDueInMs ?? intervalMs;
    return Math.min(intervalMs, Math.max(waitMs, MIN_WAIT_MS));
  }

  /** A claim that took all it could does not tell how much more there is; the next one does. */
  #noteDepth(ask: Ask, { executions, fromQueue, leftOver }: Claim): void {
    const isFull = executions.length === ask.limit;
    const isLarge = isFull && fromQueue >= LARGE;
    this.#isQueueDeep = (isLarge && this.#wasLarge) || (isFull && leftOver >= LARGE);
    this.#wasLarge = isLarge;
  }

  /** A claim that does not look for what starves costs the database less: most of them. */
  #takeFairSlots(limit: number): number {
    const now = performance.now();
    const isDue = this.#foundStarved || now - this.#lookedForStarvedAt >= STARVED_INTERVAL_MS;
    const fairSlots = isDue ? fairSlotsOf(this.#claimedCount, limit) : 0;
    if (fairSlots > 0) this.#lookedForStarvedAt = now;
    return fairSlots;
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
