import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Db } from "@/lib/db/database";
import { clock } from "@/lib/db/queries/clock";
import { attempts, workers } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import {
  type BreakerPolicy,
  isBreakersLoss,
  judgeEngine,
  recordFailure,
  recordProof,
} from "@/lib/domain/circuit-breaker";
import type { AttemptEnd } from "@/lib/domain/ending";
import { lockBreaker, lockOrCreateBreaker, saveBreaker } from "./lock-breaker";
import type { Execution } from "./locks";

/** An attempt that ends, its execution locked; `isProbe` as the claim said. */
type End = { execution: Execution; end: AttemptEnd; isProbe: boolean };

/** What one end says of the engine. */
type Verdict = { executionId: string; end: AttemptEnd; says: "failed" | "works" };

/**
 * Tells the circuit breakers what the ends of attempts say of their engines, before these are recorded in the same
 * transaction. Returns the executions whose loss is the breaker's. Ordinary ends are none of its business: they cost neither
 * a query nor a lock, and a success says nothing unless it was a probe's.
 */
export async function reportToBreakers(
  tx: Db,
  input: { ends: readonly End[]; policy: BreakerPolicy; actor: Actor },
): Promise<Set<string>> {
  const lost = new Set<string>();
  for (const [engine, verdicts] of await groupByEngine(tx, input.ends)) {
    const ids = await reportToBreaker(tx, { ...input, engine, verdicts });
    for (const id of ids) lost.add(id);
  }
  return lost;
}

async function groupByEngine(tx: Db, ends: readonly End[]): Promise<Map<string, Verdict[]>> {
  const byEngine = new Map<string, Verdict[]>();
  const telling = ends.flatMap(({ execution, end, isProbe }) => {
    const says = judgeEngine(end, { hasStarted: execution.status === "RUNNING" });
    const isNews = says === "failed" || (says === "works" && isProbe);
    return isNews ? [{ workerId: execution.workerId, executionId: execution.id, end, says }] : [];
  });
  if (telling.length === 0) return byEngine;
  const workerIds = new Set(telling.flatMap(({ workerId }) => workerId ?? []));
  const rows = await tx
    .select({ id: workers.id, engine: workers.engine })
    .from(workers)
    .where(and(inArray(workers.id, [...workerIds]), isNotNull(workers.engine)))
    .orderBy(asc(workers.engine));
  const engines = new Map(rows.map(({ id, engine }) => [id, engine]));
  for (const { workerId, ...verdict } of telling) {
    const engine = engines.get(workerId ?? "");
    if (engine) byEngine.set(engine, [...(byEngine.get(engine) ?? []), verdict]);
  }
  return byEngine;
}

async function reportToBreaker(
  tx: Db,
  input: { engine: string; verdicts: readonly Verdict[]; policy: BreakerPolicy; actor: Actor },
): Promise<string[]> {
  const { engine, verdicts, policy, actor } = input;
  const failures = verdicts.filter(({ says }) => says === "failed");
  const before =
    failures.length > 0
      ? await lockOrCreateBreaker(tx, { engine, policy })
      : await lockBreaker(tx, engine);
  if (!before) return [];

  // Read under the lock, so that the time is not that of before a wait for it.
  const facts = await readFacts(tx, verdicts);
  let after = before;
  for (const { executionId, says } of verdicts) {
    const fact = facts.get(executionId);
    if (!fact) continue;
    after =
      says === "failed" ? recordFailure(after, { ...fact, policy }) : recordProof(after, fact);
  }
  const failure = failures.map(({ end }) => (end.kind === "failed" ? end.failure : null)).at(-1);
  if (after !== before || failure)
    await saveBreaker(tx, { engine, before, after, actor, failure: failure ?? null });
  // Judged by how all of them left the breaker: those that came just before the one that opened it are its losses too.
  return failures
    .map(({ executionId }) => executionId)
    .filter((id) => isBreakersLoss(after, facts.get(id)?.lostBefore ?? null));
}

type Fact = { now: number; claimedAt: number; lostBefore: number | null };

/** When each open attempt was claimed, and when its execution was lost just before it. */
async function readFacts(tx: Db, verdicts: readonly Verdict[]): Promise<Map<string, Fact>> {
  const before = alias(attempts, "before");
  const rows = await tx
    .select({
      executionId: attempts.executionId,
      claimedAt: attempts.claimedAt,
      lostBefore: before.endedAt,
      now: clock,
    })
    .from(attempts)
    .leftJoin(
      before,
      and(
        eq(before.executionId, attempts.executionId),
        eq(before.attempt, sql`${attempts.attempt} - 1`),
        eq(before.outcome, "LOST"),
      ),
    )
    // By attempts_open_key.
    .where(
      and(
        inArray(
          attempts.executionId,
          verdicts.map(({ executionId }) => executionId),
        ),
        isNull(attempts.endedAt),
      ),
    );
  return new Map(
    rows.map(({ executionId, claimedAt, lostBefore, now }) => [
      executionId,
      {
        now: now.getTime(),
        claimedAt: claimedAt.getTime(),
        lostBefore: lostBefore?.getTime() ?? null,
      },
    ]),
  );
}
