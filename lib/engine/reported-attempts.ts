import { type SQL, sql } from "drizzle-orm";
import type { Result } from "@/lib/domain/result";

/** Which attempt a report is about; the token proves that the reporter still holds it. */
export type AttemptRef = {
  executionId: string;
  runId: string;
  attempt: number;
  leaseToken: string;
  /** As the claim said. */
  isProbe: boolean;
};

/** An attempt as the statements of the hot path read it. */
export type ReportedAttempt = AttemptRef & {
  /** Milliseconds since the command started, when that is not recorded yet; null when it is. */
  startedMsAgo: number | null;
  result?: Result;
};

/** The values of a statement that reads reports: an array for each column, so that their number does not change the text. */
export type ReportValues = Record<
  "executionIds" | "runIds" | "leaseTokens" | "startedMsAgo" | "results",
  string
>;

export function reportValues(attempts: readonly ReportedAttempt[]): ReportValues {
  const toArray = (read: (attempt: ReportedAttempt) => unknown) =>
    `{${attempts.map((each) => read(each) ?? "null").join(",")}}`;
  return {
    executionIds: toArray((a) => a.executionId),
    runIds: toArray((a) => a.runId),
    leaseTokens: toArray((a) => a.leaseToken),
    startedMsAgo: toArray((a) => a.startedMsAgo),
    results: toArray((a) => a.result && quoteElement(a.result)),
  };
}

/**
 * Reports as rows (id, run, token, started_ms_ago, result). Tokens are to be compared by IS NOT DISTINCT FROM: by "=" the
 * planner may read all rows that are held, by executions_held_idx, and go on with that when they have become many.
 */
export function reportedRows(value: (name: keyof ReportValues) => SQL): SQL {
  return sql`
    select * from unnest(${value("executionIds")}::uuid[], ${value("runIds")}::uuid[], ${value("leaseTokens")}::uuid[],
      ${value("startedMsAgo")}::float8[], ${value("results")}::jsonb[]) as r (id, run, token, started_ms_ago, result)`;
}

/** A value as an element of an array of jsonb. Quotes and backslashes are all that JSON has to be escaped there, in the way JSON escapes them. */
function quoteElement(value: Result): string {
  return JSON.stringify(JSON.stringify(value));
}
