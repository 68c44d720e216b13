import { and, asc, eq, isNull, lte, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { clock } from "@/lib/db/queries/clock";
import { timingOf } from "@/lib/db/schedule-row";
import { runs } from "@/lib/db/schema/executions";
import { schedules } from "@/lib/db/schema/schedules";
import { type FireOutcome, findDueFire } from "@/lib/domain/schedule";
import type { Schedule } from "./lock-schedule";
import { notifyChange } from "./notify-change";
import { type StartedFire, startFire } from "./start-fire";
import { transact } from "./transaction";

export type Fired = {
  scheduleId: string;
  fireAt: Date;
  outcome: FireOutcome;
  runId: string | null;
  /** What broke, for the log, where it was no refusal. */
  fault: unknown;
};

/**
 * Deals with the schedule whose fire time came first: starts its run and stores the fire time that follows, in one
 * transaction. Returns null when none is due, or others are dealing with all of them.
 *
 * No fire is doubled or lost, whichever process dies: the lock keeps others away, the run and the next fire time are
 * committed together, and the run's idempotency key would make a second one the same run. A schedule whose graph cannot
 * run keeps the reason in words and goes on with its next fire time.
 */
export async function fireSchedule(db: Db): Promise<Fired | null> {
  return transact(db, async (tx) => {
    // By schedules_next_fire_at_idx; a clock that moves within the statement could not be looked up there.
    const [due] = await tx
      .select({ schedule: schedules, now: clock })
      .from(schedules)
      .where(lte(schedules.nextFireAt, sql`now()`))
      .orderBy(asc(schedules.nextFireAt), asc(schedules.id))
      .limit(1)
      .for("no key update", { skipLocked: true });
    return due ? fire(tx, due) : null;
  });
}

async function fire(tx: Db, { schedule, now }: { schedule: Schedule; now: Date }): Promise<Fired> {
  const plan = planFire(schedule, now);
  const fireAt = plan.latest;
  const { outcome, ...rest } = plan.unusable ?? (await startDue(tx, schedule, plan));
  await tx
    .update(schedules)
    .set({
      nextFireAt: plan.next,
      lastFireAt: fireAt,
      lastOutcome: outcome,
      error: rest.error,
      // Nothing could ever fire it: off, with the reason, is what a person can see and mend.
      ...(plan.unusable && { enabled: false }),
    })
    .where(eq(schedules.id, schedule.id));
  await notifyChange(tx, "schedules");
  return { scheduleId: schedule.id, fireAt, outcome, runId: rest.runId, fault: rest.fault };
}

type Plan = ReturnType<typeof findDueFire> & { unusable?: StartedFire };

/** A stored timing may name a time zone that this machine does not know; that must end no loop. */
function planFire(schedule: Schedule, now: Date): Plan {
  const nextFireAt = schedule.nextFireAt ?? now;
  try {
    const { missedFires } = schedule;
    return findDueFire({ timing: timingOf(schedule), nextFireAt, missedFires, now });
  } catch (fault) {
    const error =
      "Its fire times cannot be worked out on the worker's machine, so it was switched off. Change its times and switch it on again.";
    const unusable: StartedFire = { outcome: "failed", runId: null, error, fault };
    return { latest: nextFireAt, isMissed: false, next: null, unusable };
  }
}

async function startDue(tx: Db, schedule: Schedule, plan: Plan): Promise<StartedFire> {
  if (plan.isMissed) return without("missed");
  if (schedule.overlap === "skip" && (await isActive(tx, schedule.id)))
    return without("overlapped");
  return startFire(tx, { schedule, fireAt: plan.latest, priority: schedule.priority });
}

function without(outcome: FireOutcome): StartedFire {
  return { outcome, runId: null, error: null, fault: null };
}

/** Whether a run of the schedule is not final; those of a back-fill do not count. By runs_schedule_id_active_idx. */
async function isActive(tx: Db, scheduleId: string): Promise<boolean> {
  const active = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.scheduleId, scheduleId), isNull(runs.finishedAt), isNull(runs.backfillId)))
    .limit(1);
  return active.length > 0;
}
