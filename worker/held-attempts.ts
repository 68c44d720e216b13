import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import type { AttemptControl, StopReason } from "./attempt-control";

type Held = {
  claimed: ClaimedExecution;
  control: AttemptControl;
  done: Promise<void>;
  /** A moment, on the clock that no one sets, before which its lease cannot have begun. */
  leasedSince: number;
  /** Its work has ended and is being recorded. */
  hasFreedSlot?: boolean;
};

/** Far more than a worker can lose before the last of their leases has run out. */
const MAX_GIVEN_UP = 10_000;

/** The attempts this worker is running, by lease token; as many as its slots. */
export class HeldAttempts {
  readonly #held = new Map<string, Held>();
  /** Lease tokens of attempts whose end could not be recorded, the oldest first: their leases run out. */
  readonly #givenUp = new Set<string>();
  #freed = 0;

  get size(): number {
    return this.#held.size;
  }

  /** Slots in which work is going on. */
  get slotsUsed(): number {
    return this.#held.size - this.#freed;
  }

  /** How many more attempts may start. What is not recorded yet may not pile up either. */
  countFree(slots: number): number {
    return Math.min(slots - this.slotsUsed, 2 * slots - this.#held.size);
  }

  /** The work of these attempts has ended: their slots are free before their ends are recorded. */
  free(leaseTokens: readonly string[]): void {
    for (const token of leaseTokens) {
      const held = this.#held.get(token);
      if (!held || held.hasFreedSlot) continue;
      held.hasFreedSlot = true;
      this.#freed++;
    }
  }

  add(held: Held): void {
    this.#held.set(held.claimed.leaseToken, held);
  }

  /** Returns whether that has freed its slot, which may have been free before. */
  remove(leaseToken: string, { isRecorded }: { isRecorded: boolean }): boolean {
    const held = this.#held.get(leaseToken);
    this.#held.delete(leaseToken);
    if (!isRecorded) this.#giveUp(leaseToken);
    if (held?.hasFreedSlot) this.#freed--;
    return held !== undefined && !held.hasFreedSlot;
  }

  #giveUp(leaseToken: string): void {
    this.#givenUp.add(leaseToken);
    const [oldest] = this.#givenUp;
    if (oldest !== undefined && this.#givenUp.size > MAX_GIVEN_UP) this.#givenUp.delete(oldest);
  }

  /** Whether it is or was at work here; one that ended well is known no longer. */
  knows(leaseToken: string): boolean {
    return this.#held.has(leaseToken) || this.#givenUp.has(leaseToken);
  }

  /** Those to be extended. A fenced attempt is given up: its lease must run out, however long its end takes. */
  leases(): { executionId: string; leaseToken: string }[] {
    return this.#trusted().map(({ claimed }) => claimed);
  }

  /** A heartbeat that was sent at this moment has extended these leases. */
  confirm(leaseTokens: readonly string[], sentAt: number): void {
    for (const token of leaseTokens) {
      const held = this.#held.get(token);
      if (held) held.leasedSince = sentAt;
    }
  }

  /** When the oldest lease may have begun; infinity without any. */
  oldestLease(): number {
    return Math.min(...this.#trusted().map(({ leasedSince }) => leasedSince));
  }

  #trusted(): Held[] {
    return [...this.#held.values()].filter(({ control }) => control.reason !== "fence");
  }

  stop(leaseToken: string, reason: StopReason, options: { force: boolean }): void {
    this.#held.get(leaseToken)?.control.stop(reason, options);
  }

  stopAll(reason: StopReason, options: { force: boolean }): void {
    for (const { control } of this.#held.values()) control.stop(reason, options);
  }

  /** Resolves when all have ended, or after so many milliseconds. */
  async whenIdle(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all([...this.#held.values()].map(({ done }) => done)), limit]);
    clearTimeout(timer);
  }
}
