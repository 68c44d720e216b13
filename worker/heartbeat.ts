import type { Logger } from "pino";
import { extendLeases } from "@/lib/engine/extend-leases";
import type { AttemptRef } from "@/lib/engine/reported-attempts";
import type { HeldAttempts } from "./held-attempts";
import type { WorkerDatabase } from "./worker-database";

/** A heartbeat that is not answered within this time counts as missed, and its connection is given up. */
const DEADLINE_MS = 5000;
/** How much earlier than the database the worker takes its leases for expired. */
const FENCE_MARGIN = 0.8;

type Options = {
  /** Connections of its own, so that other work can never use them up. */
  database: WorkerDatabase;
  workerId: string;
  held: HeldAttempts;
  intervalMs: number;
  leaseMs: number;
  /** What is held in the worker's name and was not named, if anything. */
  onStrays: (strays: AttemptRef[]) => Promise<void>;
  log: Logger;
};

/** Proves that the worker lives, learns of cancels and lost leases, and fences the worker when it can no longer be sure. */
export class Heartbeat {
  readonly #options: Options;
  /** When the last answered heartbeat was sent, on the clock that no one sets. */
  #confirmedAt = performance.now();
  #watch: NodeJS.Timeout | null = null;
  #isFenced = false;
  #others: number | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Starts looking for the moment at which the leases may have expired without the worker knowing. */
  watch(): void {
    this.#watch = setInterval(() => this.isFenced(), Math.min(500, this.#options.leaseMs / 10));
  }

  stop(): void {
    if (this.#watch) clearInterval(this.#watch);
  }

  /** Since the last answered heartbeat was sent. */
  ageMs(): number {
    return performance.now() - this.#confirmedAt;
  }

  /** How many other workers lived at the last heartbeat; null before the first. */
  get others(): number | null {
    return this.#others;
  }

  /** The poll of the heartbeat loop. */
  async poll(): Promise<number> {
    const { database, workerId, held, leaseMs, intervalMs, onStrays } = this.#options;
    const sentAt = performance.now();
    const leases = held.leases();
    const answers = await database.run(
      (db) => extendLeases(db, { workerId, leases, leaseSeconds: leaseMs / 1000 }),
      DEADLINE_MS,
    );
    // Before the answer is believed: it may have arrived while this process was stopped.
    if (performance.now() - sentAt < leaseMs * FENCE_MARGIN) {
      this.#confirmedAt = sentAt;
      this.#isFenced = false;
      held.confirm(
        leases.map(({ leaseToken }) => leaseToken),
        sentAt,
      );
    }
    this.#others = answers.others;
    for (const answer of answers.leases) {
      if (answer.state === "lost") held.stop(answer.leaseToken, "fence", { force: true });
      else if (answer.cancelRequested)
        held.stop(answer.leaseToken, "cancel", { force: answer.cancelForce });
    }
    if (answers.strays.length > 0) void onStrays(answers.strays);
    return intervalMs;
  }

  /**
   * Whether the leases may have expired: the last heartbeat is too old by this worker's own clock (it was stopped, or the
   * database is away). The first time, everything that runs is killed; until a heartbeat succeeds nothing may be written.
   */
  isFenced(): boolean {
    const { held, leaseMs, log } = this.#options;
    // A lease can be older than the heartbeat: the answer to its claim came late, and no heartbeat has named it yet.
    const age = performance.now() - Math.min(this.#confirmedAt, held.oldestLease());
    if (age < leaseMs * FENCE_MARGIN) return this.#isFenced;
    if (!this.#isFenced)
      log.warn({ heartbeatAgeMs: Math.round(age), attempts: held.size }, "worker FENCED");
    this.#isFenced = true;
    held.stopAll("fence", { force: true });
    return true;
  }
}
