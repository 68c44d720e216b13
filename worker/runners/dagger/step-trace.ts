import { randomBytes } from "node:crypto";
import type { RunRequest } from "@/worker/runners/runner";

/**
 * The trace in which the engine works for one step. Within a session output is told apart by it, so several steps cannot
 * share one. A single step may have that of its attempt: the engine gives a command a TRACEPARENT of its own making, below
 * the one it was called with.
 */
export function stepTrace({
  pipeline,
  traceparent,
}: Pick<RunRequest, "pipeline" | "traceparent">): { traceId: string; spanId?: string } {
  const [, traceId, spanId] = traceparent?.split("-") ?? [];
  if (pipeline.steps.length === 1 && traceId && spanId) return { traceId, spanId };
  return { traceId: randomBytes(16).toString("hex") };
}
