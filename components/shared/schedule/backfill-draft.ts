import type * as z from "zod";
import type { Priority } from "@/lib/domain/priority";
import { startBackfillSchema } from "@/lib/domain/schedule-inputs";
import { toZonedIso } from "@/lib/domain/zoned-time";
import { toInstant } from "./schedule-draft";

/** A back-fill as it is being typed; times are what the clocks of the schedule show. */
export type BackfillDraft = {
  from: string;
  to: string;
  maxActiveRuns: number | string;
  isUnlimited: boolean;
  priority: Priority | null;
};

export type BackfillProblems = Partial<Record<"from" | "to" | "maxActiveRuns", string>>;

const WEEK_MS = 7 * 86_400_000;

/** The last seven days, up to the day that goes on. */
export function newBackfill(now: Date, timeZone: string): BackfillDraft {
  const midnight = (at: Date) => `${toZonedIso(at, timeZone).slice(0, 10)}T00:00`;
  return {
    from: midnight(new Date(now.getTime() - WEEK_MS)),
    to: midnight(now),
    maxActiveRuns: 1,
    isUnlimited: false,
    priority: "LOW",
  };
}

/** What is sent: what is no time or no number goes as such, for the schema to refuse it in words. */
export function backfillInputOf(
  draft: BackfillDraft,
  { scheduleId, timeZone }: { scheduleId: string; timeZone: string },
): z.input<typeof startBackfillSchema> & { from: string; to: string } {
  const max = typeof draft.maxActiveRuns === "number" ? draft.maxActiveRuns : Number.NaN;
  return {
    scheduleId,
    from: toInstant(draft.from, timeZone) ?? "",
    to: toInstant(draft.to, timeZone) ?? "",
    maxActiveRuns: draft.isUnlimited ? null : max,
    priority: draft.priority,
  };
}

/** What the server would refuse, by the server's own schema; empty when nothing is wrong. */
export function findBackfillProblems(input: z.input<typeof startBackfillSchema>): BackfillProblems {
  const { error } = startBackfillSchema.safeParse(input);
  const problems: BackfillProblems = {};
  for (const { path, message } of error?.issues ?? []) {
    const [field] = path;
    if (field === "from" || field === "to" || field === "maxActiveRuns")
      problems[field] ??= message;
  }
  return problems;
}
