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

/** The attempts this worker is running, by lease token; as many as its slots. */
export class HeldAttempts {
  readonly #held = new Map<string, Held>();
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
  remove(leaseToken: string): boolean {
    const held = this.#held.get(leaseToken);
    this.#held.delete(leaseToken);
    if (held?.hasFreedSlot) this.#freed--;
    return held !== undefined && !held.hasFreedSlot;
  }

  /** Those to be extended. A fenced attempt is given up: its lease must run out, however long its end takes. */
  leases(): { executionId: string; leaseToken: string }[] {
    return [...this.#held.values()].filter(isTrusted).map(({ claimed }) => claimed);
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
    let oldest = Number.POSITIVE_INFINITY;
    // Looked at with every write, so nothing is copied.
    for (const held of this.#held.values())
      if (held.leasedSince < oldest && isTrusted(held)) oldest = held.leasedSince;
    return oldest;
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

/** A fenced attempt is given up. */
function isTrusted({ control }: Held): boolean {
  return control.reason !== "fence";
}
