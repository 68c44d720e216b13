import { Cron } from "croner";

export type ScheduleKind = "cron" | "once";

/** What happens to fire times that passed while no worker was there. */
export const missedFirePolicies = ["catch_up", "skip"] as const;
export type MissedFirePolicy = (typeof missedFirePolicies)[number];

/** Whether a fire starts a run while the schedule's previous run is not final. */
export const overlapPolicies = ["allow", "skip"] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

/** How a fire of a schedule went: a run was started, or why none was. */
export type FireOutcome = "started" | "missed" | "overlapped" | "failed";

/** COMPLETED says that all its runs are final, not how they ended. */
export type BackfillStatus = "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";

/** When a schedule fires. The time zone of a single time is for showing it; the time itself is a moment. */
export type Timing =
  | {
      kind: "cron";
      expression: string;
      timeZone: string;
      /** The first moment at which it may fire; null without one. */
      startsAt: Date | null;
      /** The moment from which on it fires no more; null without one. */
      endsAt: Date | null;
    }
  | { kind: "once"; onceAt: Date; timeZone: string };

/** A fire later than this has missed its time. */
const MISSED_AFTER_MS = 60_000;

/**
 * The first fire time after a moment, or null when none follows. Times named in the expression that summer time skips fire
 * once, at the end of the gap; those that come twice fire once, the first time. An expression with "*" or a step in its
 * minutes or hours means a rhythm instead, which goes on in real time: nothing for what was skipped, both for what comes
 * twice.
 */
export function nextFireTime(timing: Timing, after: Date): Date | null {
  if (timing.kind === "once") return timing.onceAt > after ? timing.onceAt : null;
  const { startsAt, endsAt } = timing;
  // The start itself is a possible fire time, and croner looks for what lies after the given moment.
  const from = startsAt && startsAt > after ? new Date(startsAt.getTime() - 1) : after;
  const next = cronOf(timing).nextRun(from);
  return next && (!endsAt || next < endsAt) ? next : null;
}

/**
 * What to do with a schedule whose fire time has come: which fire time to run, and which one follows. Of several that have
 * passed only the latest is run, and with `skip` only if it has not missed its time.
 */
export function findDueFire(input: {
  timing: Timing;
  /** The stored fire time, which has come. */
  nextFireAt: Date;
  missedFires: MissedFirePolicy;
  now: Date;
}): { latest: Date; isMissed: boolean; next: Date | null } {
  const { timing, nextFireAt, missedFires, now } = input;
  const latest = latestFireTime(timing, { from: nextFireAt, until: now });
  const isLate = now.getTime() - latest.getTime() > MISSED_AFTER_MS;
  return {
    latest,
    isMissed: isLate && missedFires === "skip",
    next: nextFireTime(timing, now),
  };
}

/** The latest fire time up to `until`; `from` is one itself, also if the rules of its time zone have changed since. */
function latestFireTime(timing: Timing, { from, until }: { from: Date; until: Date }): Date {
  if (timing.kind === "once") return from;
  const { endsAt } = timing;
  const end = Math.min(until.getTime() + 1, endsAt ? endsAt.getTime() : Number.POSITIVE_INFINITY);
  const [latest] = cronOf(timing).previousRuns(1, new Date(end));
  return latest && latest > from ? latest : from;
}

/** The fire times of an expression within [from, to), at most `limit` of them, whatever the schedule's validity. */
export function listFireTimes(
  cron: { expression: string; timeZone: string },
  { from, to, limit }: { from: Date; to: Date; limit: number },
): Date[] {
  const job = cronOf(cron);
  const times: Date[] = [];
  let next = job.nextRun(new Date(from.getTime() - 1));
  while (next && next < to && times.length < limit) {
    times.push(next);
    next = job.nextRun(next);
  }
  return times;
}

/** Five fields of digits, names and the characters that mean something in them. */
const FIVE_FIELDS = /^[\dA-Za-z*,/#?+-]+( [\dA-Za-z*,/#?+-]+){4}$/;
/** The calendar repeats itself within fewer years than lie between these two. */
const ANY_MOMENT = new Date("2000-01-01T00:00:00Z");

/** What is wrong with a cron expression, as a sentence, or null. Spaces are single ones. */
export function findExpressionProblem(expression: string): string | null {
  if (!FIVE_FIELDS.test(expression))
    return "Enter five fields: minute, hour, day of the month, month and day of the week, such as 30 2 * * 1-5.";
  try {
    const next = cronOf({ expression, timeZone: "UTC" }).nextRun(ANY_MOMENT);
    return next ? null : "No day matches this, so it would never fire.";
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: |\.$/g, "") : "";
    return `This is no cron expression: ${reason}.`;
  }
}

function cronOf({ expression, timeZone }: { expression: string; timeZone: string }): Cron {
  return new Cron(expression, {
    // Ten times as fast as asking for the rules of a zone that has none.
    ...(timeZone === "UTC" ? { utcOffset: 0 } : { timezone: timeZone }),
    mode: "5-part",
    // "30 2,14 * * *" names times as "30 2 * * *" does, so summer time treats them alike.
    fixedTimeRule: "no-wildcard",
    paused: true,
  });
}
