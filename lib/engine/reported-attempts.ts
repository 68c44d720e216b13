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

/** Reports as one JSON text for `jsonb_to_recordset`, whatever their number. */
export function reportRows(attempts: readonly ReportedAttempt[]): string {
  return JSON.stringify(
    attempts.map((a) => ({
      id: a.executionId,
      run: a.runId,
      token: a.leaseToken,
      started_ms_ago: a.startedMsAgo,
      result: a.result,
    })),
  );
}
