import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { readClock } from "@/lib/db/queries/clock";
import { workers } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import {
  type Breaker,
  type BreakerPolicy,
  closeBreaker,
  defaultBreakerPolicy,
  openBreaker,
} from "@/lib/domain/circuit-breaker";
import { EngineError } from "@/lib/domain/errors";
import { lockOrCreateBreaker, saveBreaker } from "./lock-breaker";
import { transact } from "./transaction";

type Turn = { engine: string; actor: Actor; policy?: BreakerPolicy };

/** Closes the breaker of an engine by hand and forgets its failures, whatever its state; its workers claim at once. */
export function resetCircuitBreaker(db: Db, input: Turn): Promise<Record<string, never>> {
  return turn(db, input, ({ breaker, now }) => closeBreaker(breaker, now));
}

/**
 * Opens the breaker of an engine by hand: nothing new goes to it until the cooldown is over and a probe has succeeded. What
 * runs goes on.
 */
export function tripCircuitBreaker(db: Db, input: Turn): Promise<Record<string, never>> {
  return turn(db, input, ({ breaker, ...when }) => openBreaker(breaker, when));
}

async function turn(
  db: Db,
  { engine, actor, policy = defaultBreakerPolicy }: Turn,
  to: (state: { breaker: Breaker; now: number; policy: BreakerPolicy }) => Breaker,
): Promise<Record<string, never>> {
  return transact(db, async (tx) => {
    await requireEngine(tx, engine);
    const before = await lockOrCreateBreaker(tx, { engine, policy });
    const now = Date.parse(await readClock(tx));
    await saveBreaker(tx, { engine, before, after: to({ breaker: before, now, policy }), actor });
    return {};
  });
}

/** Only what a worker has talked to has a breaker; a slip of the pen must not make one. */
async function requireEngine(tx: Db, engine: string): Promise<void> {
  const [known] = await tx
    .select({ engine: workers.engine })
    .from(workers)
    .where(eq(workers.engine, engine))
    .limit(1);
  if (known) return;
  throw new EngineError(
    "not_found",
    `No worker talks to an engine ${engine}; /api/breakers names those that there are.`,
  );
}
