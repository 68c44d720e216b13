import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import type { AttemptControl, StopReason } from "./attempt-control";

type Held = { claimed: ClaimedExecution; control: AttemptControl; done: Promise<void> };

/** The attempts this worker is running, by lease token; as many as its slots. */
export class HeldAttempts {
  readonly #held = new Map<string, Held>();

  get size(): number {
    return this.#held.size;
  }

  add(claimed: ClaimedExecution, control: AttemptControl, done: Promise<void>): void {
    this.#held.set(claimed.leaseToken, { claimed, control, done });
  }

  remove(leaseToken: string): void {
    this.#held.delete(leaseToken);
  }

  leases(): { executionId: string; leaseToken: string }[] {
    return [...this.#held.values()].map(({ claimed }) => claimed);
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
