import type { Logger } from "pino";
import type { AttemptRef } from "@/lib/engine/reported-attempts";
import type { HeldAttempts } from "./held-attempts";
import type { ReportResult } from "./recorder";

type Options = {
  held: HeldAttempts;
  /** Resolves when every claim that is on its way now has been answered or has failed. */
  whenAnswered: () => Promise<void>;
  /** Records that an attempt was given back; never rejects. */
  giveBack: (stray: AttemptRef) => Promise<ReportResult>;
  log: Logger;
};

/**
 * Gives back what a heartbeat found to be held in the worker's name without its knowing: the claim was committed and its
 * answer was lost, so nothing runs, and nobody needs to wait for the lease to run out. What is known is left alone, also
 * attempts that were given up: something ran there, and it counts as lost once the lease has run out.
 */
export function createStrayReturn({ held, whenAnswered, giveBack, log }: Options) {
  let isReturning = false;

  async function returnStrays(strays: AttemptRef[]): Promise<void> {
    // The heartbeat may have seen what a claim took before the claim was answered.
    await whenAnswered();
    const unknown = strays.filter(({ leaseToken }) => !held.knows(leaseToken));
    const results = await Promise.all(unknown.map(giveBack));
    const returned = results.filter((result) => result === "recorded").length;
    if (returned > 0) log.warn({ attempts: returned }, "attempts without an answer given back");
  }

  return async (strays: AttemptRef[]): Promise<void> => {
    // The next heartbeat names again what is left.
    if (isReturning) return;
    isReturning = true;
    await returnStrays(strays);
    isReturning = false;
  };
}
