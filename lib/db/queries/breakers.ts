import { and, asc, eq, gt, isNotNull, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { circuitBreakers } from "@/lib/db/schema/breakers";
import { attempts, executions, workers } from "@/lib/db/schema/executions";
import {
  type Breaker,
  countLetThrough,
  type Probe,
  stateOfBreaker,
} from "@/lib/domain/circuit-breaker";
import type { BreakerView } from "@/lib/domain/views";
import { defaultAliveWithin, isClaiming } from "./alive";
import { clock, iso } from "./clock";

type Row = typeof circuitBreakers.$inferSelect;

/** A stored breaker as the rules see it. */
export function toBreaker(row: Row): Breaker {
  return {
    failures: row.failures.map((at) => at.getTime()),
    openedAt: row.openedAt?.getTime() ?? null,
    halfOpenAt: row.halfOpenAt?.getTime() ?? null,
    closedAt: row.closedAt?.getTime() ?? null,
    cooldownSeconds: row.cooldownSeconds,
    probeLimit: row.probeLimit,
  };
}

/** What workers of an engine hold that was claimed since its breaker opened, from live rows; by executions_held_idx. */
export async function listProbes(
  db: Db,
  { engine, openedAt }: { engine: string; openedAt: Date },
): Promise<Probe[]> {
  const rows = await db
    .select({ startedAt: attempts.startedAt })
    .from(executions)
    .innerJoin(workers, eq(workers.id, executions.workerId))
    .innerJoin(
      attempts,
      and(eq(attempts.executionId, executions.id), eq(attempts.attempt, executions.attempt)),
    )
    .where(
      and(
        isNotNull(executions.leaseToken),
        eq(workers.engine, engine),
        gt(attempts.claimedAt, openedAt),
      ),
    );
  return rows.map(({ startedAt }) => ({ startedAt: startedAt?.getTime() ?? null }));
}

/** The breaker of each engine that a worker alive claims for. */
export async function listBreakers(
  db: Db,
  { aliveWithinSeconds = defaultAliveWithin() }: { aliveWithinSeconds?: number } = {},
): Promise<BreakerView[]> {
  const used = db
    .select({ engine: workers.engine, count: sql<number>`count(*)`.as("used_count") })
    .from(executions)
    .innerJoin(workers, eq(workers.id, executions.workerId))
    .where(and(isNotNull(executions.leaseToken), isClaiming(aliveWithinSeconds)))
    .groupBy(workers.engine)
    .as("used");
  const engines = db
    .select({
      engine: workers.engine,
      workers: sql<number>`count(*)::int`.as("workers"),
      slots: sql<number>`sum(${workers.maxConcurrentExecutions})::int`.as("slots"),
    })
    .from(workers)
    .where(and(isClaiming(aliveWithinSeconds), isNotNull(workers.engine)))
    .groupBy(workers.engine)
    .as("engines");
  const rows = await db
    .select({
      engine: sql<string>`${engines.engine}`, // its WHERE leaves no null
      workers: engines.workers,
      slots: engines.slots,
      slotsUsed: sql<number>`coalesce(${used.count}, 0)::int`,
      row: circuitBreakers,
      now: clock,
    })
    .from(engines)
    .leftJoin(used, eq(used.engine, engines.engine))
    .leftJoin(circuitBreakers, eq(circuitBreakers.engine, engines.engine))
    .orderBy(asc(engines.engine));
  return Promise.all(rows.map((row) => toView(db, row)));
}

async function toView(
  db: Db,
  facts: Pick<BreakerView, "engine" | "workers" | "slots" | "slotsUsed"> & {
    row: Row | null;
    now: Date;
  },
): Promise<BreakerView> {
  const { row, now, ...engine } = facts;
  if (row === null) return { ...engine, ...NEVER_FAILED };
  const breaker = toBreaker(row);
  const probes = row.openedAt ? await listProbes(db, { ...engine, openedAt: row.openedAt }) : [];
  const letsThrough = countLetThrough(breaker, probes, now.getTime());
  return {
    ...engine,
    state: stateOfBreaker(breaker, now.getTime()),
    since: iso(row.openedAt ?? row.closedAt),
    halfOpenAt: iso(row.halfOpenAt),
    probesInFlight: probes.length,
    probeLimit: row.probeLimit,
    letsThrough: Number.isFinite(letsThrough) ? letsThrough : null,
    lastError: row.lastError,
    lastErrorAt: iso(row.lastErrorAt),
    turnedBy: row.actorType && row.actorId ? { type: row.actorType, id: row.actorId } : null,
  };
}

const NEVER_FAILED = {
  state: "closed",
  since: null,
  halfOpenAt: null,
  probesInFlight: 0,
  probeLimit: 0,
  letsThrough: null,
  lastError: null,
  lastErrorAt: null,
  turnedBy: null,
} as const;
