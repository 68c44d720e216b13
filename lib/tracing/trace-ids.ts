import { createHash } from "node:crypto";

/**
 * Ids of traces and spans, derived from what every process knows of a run, so that all of them agree without storing
 * anything. A run's id is random enough for a trace's; so is each hash for a span's within one trace.
 */
export function traceIdOf(runId: string): string {
  return runId.replaceAll("-", "");
}

/** The span of the run itself, above all others of its trace. */
export function runSpanIdOf(runId: string): string {
  return spanIdOf(runId);
}

/** The span of one attempt. */
export function attemptSpanIdOf({ executionId, attempt }: AttemptId): string {
  return spanIdOf(`${executionId}.${attempt}`);
}

/** What a command is given in TRACEPARENT, so that its own spans become part of the run's trace (W3C Trace Context). */
export function traceparentOf(attempt: AttemptId & { runId: string }): string {
  return `00-${traceIdOf(attempt.runId)}-${attemptSpanIdOf(attempt)}-01`;
}

type AttemptId = { executionId: string; attempt: number };

function spanIdOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 16);
}
