import { and, desc, eq, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { fromRank } from "@/lib/db/schedule-row";
import { runs } from "@/lib/db/schema/executions";
import { backfills, schedules } from "@/lib/db/schema/schedules";
import { EngineError } from "@/lib/domain/errors";
import { MAX_BACKFILL_FIRES } from "@/lib/domain/limits";
import { listFireTimes } from "@/lib/domain/schedule";
import type { BackfillPreview, BackfillView } from "@/lib/domain/schedule-views";
import { clock, iso } from "./clock";

const MAX_LISTED = 20;

/** What a back-fill over this range would run; null when there is no such schedule. */
export async function previewBackfill(
  db: Db,
  input: { scheduleId: string; from: Date; to: Date },
): Promise<BackfillPreview | null> {
  const plan = await planBackfill(db, input);
  if (!plan) return null;
  return {
    timeZone: plan.timeZone,
    fireTimes: plan.fireTimes.map((at) => iso(at)),
    alreadyRun: plan.alreadyRun,
  };
}

/**
 * The fire times of a schedule within [from, to) that have passed and have no run yet, in order; null when there is no such
 * schedule. Throws an EngineError for a schedule of a single time and for a range with too many fire times.
 */
export async function planBackfill(
  db: Db,
  input: { scheduleId: string; from: Date; to: Date },
): Promise<{ timeZone: string; fireTimes: Date[]; alreadyRun: number } | null> {
  const { scheduleId, from } = input;
  const [row] = await db
    .select({ schedule: schedules, now: clock })
    .from(schedules)
    .where(eq(schedules.id, scheduleId));
  if (!row) return null;
  const { expression, timeZone } = row.schedule;
  if (expression === null)
    throw new EngineError(
      "conflict",
      "Only a cron schedule can be back-filled; this one has a single time.",
    );
  const to = new Date(Math.min(input.to.getTime(), row.now.getTime()));
  const limit = MAX_BACKFILL_FIRES + 1;
  const all = listFireTimes({ expression, timeZone }, { from, to, limit });
  if (all.length === limit) throw tooMany();
  const done = await listRunTimes(db, scheduleId, all);
  const fireTimes = all.filter((at) => !done.has(at.getTime()));
  return { timeZone, fireTimes, alreadyRun: all.length - fireTimes.length };
}

/** The times among these for which the schedule has a run, by runs_schedule_id_fire_at_key. */
async function listRunTimes(db: Db, scheduleId: string, times: Date[]): Promise<Set<number>> {
  const listed = `{${times.map((at) => iso(at)).join(",")}}`;
  const rows = await db
    .select({ fireAt: runs.fireAt })
    .from(runs)
    .where(
      and(eq(runs.scheduleId, scheduleId), sql`${runs.fireAt} = any(${listed}::timestamptz[])`),
    );
  return new Set(rows.flatMap(({ fireAt }) => fireAt?.getTime() ?? []));
}

function tooMany(): EngineError {
  const message = `The range holds more than ${MAX_BACKFILL_FIRES} fire times; choose a shorter one.`;
  return new EngineError("invalid", message, [{ path: "to", message }]);
}

/** The latest back-fills of a schedule, the newest first; null when there is no such schedule. */
export async function listBackfills(
  db: Db,
  { scheduleId }: { scheduleId: string },
): Promise<BackfillView[] | null> {
  const found = await db
    .select({ id: schedules.id })
    .from(schedules)
    .where(eq(schedules.id, scheduleId));
  if (found.length === 0) return null;
  // By runs_backfill_id_idx, at most a thousand runs each.
  const counts = db
    .select({
      completed: sum(sql`status = 'COMPLETED'`, "completed"),
      failed: sum(sql`status = 'FAILED'`, "failed"),
      cancelled: sum(sql`status = 'CANCELLED'`, "cancelled"),
      active: sum(sql`finished_at is null`, "active"),
    })
    .from(runs)
    .where(eq(runs.backfillId, backfills.id))
    .as("counts");
  const rows = await db
    .select({
      backfill: backfills,
      total: sql<number>`cardinality(${backfills.fireTimes})`,
      completed: counts.completed,
      failed: counts.failed,
      cancelled: counts.cancelled,
      active: counts.active,
    })
    .from(backfills)
    .innerJoinLateral(counts, sql`true`)
    .where(eq(backfills.scheduleId, scheduleId))
    .orderBy(desc(backfills.id))
    .limit(MAX_LISTED);
  return rows.map(({ backfill, total, ...runCounts }) => ({
    backfillId: backfill.id,
    scheduleId,
    from: iso(backfill.fromAt),
    to: iso(backfill.toAt),
    maxActiveRuns: backfill.maxActiveRuns,
    priority: fromRank(backfill.priority),
    status: backfill.status,
    total,
    started: backfill.startedCount,
    runs: runCounts,
    error: backfill.error,
    createdBy: backfill.createdBy,
    createdAt: iso(backfill.createdAt),
    finishedAt: iso(backfill.finishedAt),
  }));
}

function sum(condition: ReturnType<typeof sql>, name: string) {
  return sql<number>`count(*) filter (where ${condition})::int`.as(name);
}
