import { PRIORITY_RANK, type Priority, priorityOf } from "@/lib/domain/priority";
import type { Timing } from "@/lib/domain/schedule";
import type { ScheduleFields } from "@/lib/domain/schedule-inputs";
import type { schedules } from "./schema/schedules";

type ScheduleRow = typeof schedules.$inferSelect;

/** When a stored schedule fires. */
export function timingOf(
  row: Pick<
    ScheduleRow,
    "id" | "kind" | "expression" | "timeZone" | "onceAt" | "startsAt" | "endsAt"
  >,
): Timing {
  const { kind, expression, onceAt, timeZone, startsAt, endsAt } = row;
  if (kind === "cron" && expression !== null)
    return { kind, expression, timeZone, startsAt, endsAt };
  if (kind === "once" && onceAt !== null) return { kind, onceAt, timeZone };
  throw new Error(`Schedule ${row.id} of kind ${kind} lacks its time.`);
}

/** The columns that hold a schedule's fields. */
export function toScheduleRow(fields: ScheduleFields) {
  const { name, enabled, kind, missedFires, overlap, timeZone } = fields;
  const isCron = fields.kind === "cron";
  return {
    name,
    enabled,
    kind,
    missedFires,
    overlap,
    timeZone,
    priority: toRank(fields.priority),
    expression: isCron ? fields.expression : null,
    startsAt: isCron ? fields.startsAt : null,
    endsAt: isCron ? fields.endsAt : null,
    onceAt: isCron ? null : fields.onceAt,
  };
}

/** The stored rank of a priority that may be left to the tasks. */
export function toRank(priority: Priority | null): number | null {
  return priority === null ? null : PRIORITY_RANK[priority];
}

/** The priority of a stored rank, null where it is left to the tasks. */
export function fromRank(rank: number | null): Priority | null {
  return rank === null ? null : priorityOf(rank);
}
