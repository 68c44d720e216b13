import type { Db } from "@/lib/db/database";
import { listProbes } from "@/lib/db/queries/breakers";
import { readClock } from "@/lib/db/queries/clock";
import type { Actor } from "@/lib/domain/actor";
import {
  type Breaker,
  closeBreaker,
  countLetThrough,
  isProven,
} from "@/lib/domain/circuit-breaker";
import { type Claim, type ClaimInput, claimExecutions } from "./claim-executions";
import { lockBreaker, saveBreaker } from "./lock-breaker";
import { transact } from "./transaction";

const NOTHING: Claim = {
  executions: [],
  fromQueue: 0,
  leftOver: 0,
  nextDueInMs: null,
  halfOpenInMs: null,
  pools: "none",
};

/**
 * The claim while the breaker of the worker's engine is half-open: as many executions as are left of its probes. The workers
 * of an engine take turns at its breaker's lock, and each counts what is held under it, so there are never more than the
 * limit; a probe whose worker died is held until its lease is swept, and free then.
 */
export async function claimProbes(db: Db, input: ClaimInput & { engine: string }): Promise<Claim> {
  const { engine, workerId } = input;
  return transact(db, async (tx) => {
    const breaker = await lockBreaker(tx, engine);
    // Somebody has closed it meanwhile: the ordinary claim is the way again.
    if (!breaker?.openedAt) return { ...NOTHING, nextDueInMs: 0 };
    const probes = await listProbes(tx, { engine, openedAt: new Date(breaker.openedAt) });
    const now = Date.parse(await readClock(tx));
    const isClosing = isProven(breaker, probes, now);
    if (isClosing) {
      const actor: Actor = { type: "worker", id: workerId };
      await saveBreaker(tx, { engine, before: breaker, after: closeBreaker(breaker, now), actor });
    }
    const limit = Math.min(input.limit, countLetThrough(breaker, probes, now));
    if (limit === 0) return { ...NOTHING, halfOpenInMs: untilNextProbe(breaker, now) };
    // One at least goes to what has waited too long: an execution that fails each probe must not keep the others from one.
    const fairSlots = Math.max(1, Math.min(input.fairSlots, limit));
    const claim = await claimExecutions(tx, { ...input, engine: null, limit, fairSlots });
    const executions = claim.executions.map((each) => ({ ...each, isProbe: !isClosing }));
    return { ...claim, executions };
  });
}

/** Its time when it has opened again; while probes are under way nobody can tell, and their ends are notified. */
function untilNextProbe({ halfOpenAt }: Breaker, now: number): number | null {
  return halfOpenAt !== null && halfOpenAt > now ? halfOpenAt - now : null;
}
