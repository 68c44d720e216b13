import type { Priority } from "@/lib/domain/priority";
import {
  type MissedFirePolicy,
  nextFireTime,
  type OverlapPolicy,
  type ScheduleKind,
  type Timing,
} from "@/lib/domain/schedule";
import { type ScheduleFieldsInput, scheduleFieldsSchema } from "@/lib/domain/schedule-inputs";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { findTimeZone, instantOf, toZonedIso } from "@/lib/domain/zoned-time";

/** A schedule as it is being typed. Times are what the clocks of its time zone show, "2026-03-08T02:30", or "". */
export type ScheduleDraft = {
  name: string;
  kind: ScheduleKind;
  expression: string;
  timeZone: string;
  onceAt: string;
  startsAt: string;
  endsAt: string;
  enabled: boolean;
  missedFires: MissedFirePolicy;
  overlap: OverlapPolicy;
  priority: Priority | null;
};

/** What is wrong with a field, in words. */
export type ScheduleProblems = Partial<Record<keyof ScheduleDraft, string>>;

/** Where a new schedule begins. */
export function newDraft(timeZone: string): ScheduleDraft {
  return {
    name: "",
    kind: "cron",
    expression: "0 2 * * *",
    timeZone,
    onceAt: "",
    startsAt: "",
    endsAt: "",
    enabled: true,
    missedFires: "catch_up",
    overlap: "allow",
    priority: null,
  };
}

/** A stored schedule, to be changed. */
export function draftOf(schedule: ScheduleView): ScheduleDraft {
  const { timeZone } = schedule;
  return {
    name: schedule.name,
    kind: schedule.kind,
    expression: schedule.expression ?? newDraft(timeZone).expression,
    timeZone,
    onceAt: toLocal(schedule.onceAt, timeZone),
    startsAt: toLocal(schedule.startsAt, timeZone),
    endsAt: toLocal(schedule.endsAt, timeZone),
    enabled: schedule.enabled,
    missedFires: schedule.missedFires,
    overlap: schedule.overlap,
    priority: schedule.priority,
  };
}

/** What is sent. A text that is no time goes as it is, for the schema to refuse it in words. */
export function inputOf(draft: ScheduleDraft): ScheduleFieldsInput {
  const { name, enabled, missedFires, overlap, priority, timeZone } = draft;
  const common = { name, enabled, missedFires, overlap, priority, timeZone };
  if (draft.kind === "once")
    return { kind: "once", ...common, onceAt: toInstant(draft.onceAt, timeZone) ?? "" };
  return {
    kind: "cron",
    ...common,
    expression: draft.expression,
    startsAt: toInstant(draft.startsAt, timeZone),
    endsAt: toInstant(draft.endsAt, timeZone),
  };
}

/** What the server would refuse, by the server's own schema; empty when nothing is wrong. */
export function findProblems(draft: ScheduleDraft): ScheduleProblems {
  const { error } = scheduleFieldsSchema.safeParse(inputOf(draft));
  const problems: ScheduleProblems = {};
  for (const { path, message } of error?.issues ?? []) {
    const field = String(path[0]);
    if (isField(draft, field)) problems[field] ??= message;
  }
  return problems;
}

/** The next fire times as far as they can be told from what is typed so far; null while they cannot. */
export function nextFires(draft: ScheduleDraft, now: Date, count: number): Date[] | null {
  const parsed = scheduleFieldsSchema.safeParse({ ...inputOf(draft), name: "any" });
  return parsed.success ? firesAfter(parsed.data, now, count) : null;
}

function firesAfter(timing: Timing, now: Date, count: number): Date[] {
  const times: Date[] = [];
  let next = nextFireTime(timing, now);
  while (next && times.length < count) {
    times.push(next);
    next = nextFireTime(timing, next);
  }
  return times;
}

function isField(draft: ScheduleDraft, name: string): name is keyof ScheduleDraft {
  return Object.hasOwn(draft, name);
}

function toLocal(at: string | null, timeZone: string): string {
  return at === null ? "" : toZonedIso(new Date(at), timeZone).slice(0, 19).replace(/:00$/, "");
}

/** RFC 3339 of what was typed; null when nothing was. */
export function toInstant(local: string, timeZone: string): string | null {
  if (local === "") return null;
  const at = findTimeZone(timeZone) && instantOf(local, timeZone);
  return at ? at.toISOString() : local;
}
