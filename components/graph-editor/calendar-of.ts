import { retryCalendar, retryDelay } from "@/lib/domain/retry";
import type { TaskDraft } from "./task-draft";

export type CalendarEntry = { attempt: number; delaySeconds: number; atSeconds: number };

export type Calendar = {
  entries: CalendarEntry[];
  /** Every attempt running into its timeout, every delay waited out. */
  worstCaseSeconds: number;
};

/** When which attempt starts if each fails at once; null while a number is missing or out of bounds. */
export function calendarOf(task: TaskDraft): Calendar | null {
  const { maxRetries, retryDelaySeconds, maxRetryDelaySeconds, timeoutSeconds } = task;
  if (!isCount(maxRetries) || maxRetries > 100) return null;
  if (!isCount(retryDelaySeconds) || !isCount(maxRetryDelaySeconds)) return null;
  if (!isCount(timeoutSeconds)) return null;
  const policy = {
    retryStrategy: task.retryStrategy,
    maxRetries,
    retryDelaySeconds,
    maxRetryDelaySeconds,
    retryJitter: false,
    retryOnExitCodes: null,
    retryPermanentErrors: false,
  };
  const starts = retryCalendar(policy);
  const entries = starts.map((atSeconds, i) => ({
    attempt: i + 2,
    delaySeconds: retryDelay(policy, i + 1) ?? 0,
    atSeconds,
  }));
  const worstCaseSeconds = (starts.length + 1) * timeoutSeconds + (starts.at(-1) ?? 0);
  return { entries, worstCaseSeconds };
}

function isCount(value: number | string): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
