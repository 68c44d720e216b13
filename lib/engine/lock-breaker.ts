import { eq, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { toBreaker } from "@/lib/db/queries/breakers";
import { circuitBreakers } from "@/lib/db/schema/breakers";
import type { Actor } from "@/lib/domain/actor";
import { type Breaker, type BreakerPolicy, newBreaker } from "@/lib/domain/circuit-breaker";
import type { Failure } from "@/lib/domain/failure";
import { notifyChange } from "./notify-change";

/** Locks the breaker of an engine and returns it; null when the engine has none yet. It is locked after executions. */
export async function lockBreaker(tx: Db, engine: string): Promise<Breaker | null> {
  const [row] = await tx
    .select()
    .from(circuitBreakers)
    .where(eq(circuitBreakers.engine, engine))
    .for("update");
  return row ? toBreaker(row) : null;
}

/** As `lockBreaker`, and makes one that is closed where there is none. */
export async function lockOrCreateBreaker(
  tx: Db,
  { engine, policy }: { engine: string; policy: BreakerPolicy },
): Promise<Breaker> {
  const fresh = newBreaker(policy);
  const { cooldownSeconds, probeLimit } = fresh;
  await tx
    .insert(circuitBreakers)
    .values({ engine, cooldownSeconds, probeLimit })
    .onConflictDoNothing();
  return (await lockBreaker(tx, engine)) ?? fresh;
}

/** Stores what became of a locked breaker, and tells screens, and workers once it lets work through again. */
export async function saveBreaker(
  tx: Db,
  input: {
    engine: string;
    before: Breaker;
    after: Breaker;
    actor: Actor;
    failure?: Failure | null;
  },
): Promise<void> {
  const { engine, before, after, actor, failure = null } = input;
  const isTurned = before.openedAt !== after.openedAt;
  await tx
    .update(circuitBreakers)
    .set({
      failures: after.failures.map((at) => new Date(at)),
      openedAt: toDate(after.openedAt),
      halfOpenAt: toDate(after.halfOpenAt),
      closedAt: toDate(after.closedAt),
      cooldownSeconds: after.cooldownSeconds,
      probeLimit: after.probeLimit,
      ...(failure && { lastError: failure.message, lastErrorAt: sql`clock_timestamp()` }),
      ...(isTurned && { actorType: actor.type, actorId: actor.id }),
      updatedAt: sql`clock_timestamp()`,
    })
    .where(eq(circuitBreakers.engine, engine));
  await notifyChange(tx, "workers");
  if (isTurned && after.openedAt === null)
    await tx.execute(sql`select pg_notify(${channels.queue}, '')`);
}

function toDate(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
