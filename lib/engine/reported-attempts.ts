import { type SQL, sql } from "drizzle-orm";
import { uuidArray } from "@/lib/db/prepared";
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

/** Reports as rows (id, run, token, started_ms_ago, result), whatever their number: an array for each column. */
export function reportedRows(attempts: readonly ReportedAttempt[]): SQL {
  const startedMsAgo = attempts.map((a) => a.startedMsAgo ?? "null").join(",");
  const results = attempts.map((a) => (a.result ? quoteElement(a.result) : "null")).join(",");
  return sql`
    select * from unnest(
      ${uuidArray(attempts.map((a) => a.executionId))}, ${uuidArray(attempts.map((a) => a.runId))},
      ${uuidArray(attempts.map((a) => a.leaseToken))}, ${`{${startedMsAgo}}`}::float8[], ${`{${results}}`}::jsonb[]
    ) as r (id, run, token, started_ms_ago, result)`;
}

/** A value as an element of an array of jsonb. Quotes and backslashes are all that JSON has to be escaped there, in the way JSON escapes them. */
function quoteElement(value: Result): string {
  return JSON.stringify(JSON.stringify(value));
}
