import { and, asc, count, eq, isNull, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import type { Db } from "@/lib/db/database";
import { runs } from "@/lib/db/schema/executions";
import { backfills, schedules } from "@/lib/db/schema/schedules";
import { notifyChange } from "./notify-change";
import { type StartedFire, startFire } from "./start-fire";
import { transact } from "./transaction";

type Backfill = typeof backfills.$inferSelect;

export type AdvancedBackfill = {
  backfillId: string;
  /** The fire time that was run; null when it has come to its end instead. */
  fireAt: Date | null;
  fault: unknown;
};

/**
 * Takes one step of one back-fill that has room for it: starts the run of its next fire time, or ends it once all its runs
 * are final. A run that cannot be created ends it FAILED with the reason in words, since the next one would fail alike.
 * Returns null when no back-fill can go on at present.
 */
export async function advanceBackfill(db: Db): Promise<AdvancedBackfill | null> {
  return transact(db, async (tx) => {
    // By backfills_running_key.
    const [backfill] = await tx
      .select()
      .from(backfills)
      .where(and(eq(backfills.status, "RUNNING"), hasRoom))
      .orderBy(asc(backfills.id))
      .limit(1)
      .for("no key update", { skipLocked: true });
    // The statement above may have counted before another loop's step was committed; now nobody else can take one.
    if (!backfill || (await countActive(tx, backfill)) >= roomOf(backfill)) return null;
    const step = await takeStep(tx, backfill);
    await notifyChange(tx, "schedules");
    return { backfillId: backfill.id, ...step };
  });
}

/** How many of its runs must be active for it to wait: once all are started, a single one. */
const hasRoom = sql`(
  select count(*) from ${runs} r where r.schedule_id = ${backfills.scheduleId} and r.finished_at is null
    and r.backfill_id = ${backfills.id}
) < case when ${backfills.startedCount} = cardinality(${backfills.fireTimes}) then 1
  else coalesce(${backfills.maxActiveRuns}, 2147483647) end`;

function roomOf({ startedCount, fireTimes, maxActiveRuns }: Backfill): number {
  return startedCount === fireTimes.length ? 1 : (maxActiveRuns ?? Number.POSITIVE_INFINITY);
}

/** By runs_schedule_id_active_idx. */
async function countActive(tx: Db, { id, scheduleId }: Backfill): Promise<number> {
  const [row] = await tx
    .select({ active: count() })
    .from(runs)
    .where(and(eq(runs.scheduleId, scheduleId), isNull(runs.finishedAt), eq(runs.backfillId, id)));
  return row?.active ?? 0;
}

async function takeStep(
  tx: Db,
  backfill: Backfill,
): Promise<{ fireAt: Date | null; fault: unknown }> {
  const fireAt = backfill.fireTimes[backfill.startedCount] ?? null;
  if (fireAt === null) {
    await change(tx, backfill, { status: "COMPLETED", finishedAt: sql`clock_timestamp()` });
    return { fireAt, fault: null };
  }
  const started = await start(tx, backfill, fireAt);
  if (started.outcome === "started")
    await change(tx, backfill, { startedCount: backfill.startedCount + 1 });
  else {
    const { error } = started;
    await change(tx, backfill, { status: "FAILED", error, finishedAt: sql`clock_timestamp()` });
  }
  return { fireAt, fault: started.fault };
}

async function start(tx: Db, backfill: Backfill, fireAt: Date): Promise<StartedFire> {
  const { id, scheduleId, priority } = backfill;
  const [schedule] = await tx.select().from(schedules).where(eq(schedules.id, scheduleId));
  if (!schedule) throw new Error(`Schedule ${scheduleId} of back-fill ${id} vanished.`);
  return startFire(tx, { schedule, fireAt, priority, backfillId: id });
}

async function change(
  tx: Db,
  { id }: Backfill,
  values: PgUpdateSetSource<typeof backfills>,
): Promise<void> {
  await tx.update(backfills).set(values).where(eq(backfills.id, id));
}
