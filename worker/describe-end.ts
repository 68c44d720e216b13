import type { AttemptEnd } from "@/lib/domain/ending";
import { EngineError } from "@/lib/domain/errors";
import type { Failure } from "@/lib/domain/failure";
import { parseTaskOutput } from "@/lib/domain/result";
import type { StopReason } from "./attempt-control";
import { redact } from "./logs/redactor";
import type { RunOutcome } from "./runners/runner";

type Ended = {
  outcome: RunOutcome;
  stopReason: StopReason | null;
  timeoutSeconds: number;
  durationMs: number;
  runner: string;
  /** Last lines of output, asked for only when the attempt failed. */
  lastLines: () => string[];
  secrets: readonly string[];
};

/**
 * What an attempt's end means. Whoever stopped it comes first: work that was asked to stop may end with any exit code on
 * its way out.
 */
export function describeEnd(ended: Ended): AttemptEnd {
  const { outcome, stopReason } = ended;
  if (stopReason === "cancel") return { kind: "cancelled" };
  if (stopReason === "drain" || stopReason === "fence") return { kind: "released" };
  if (stopReason === "timeout")
    return failed(ended, {
      class: "timeout",
      message: `The attempt took longer than its timeout of ${ended.timeoutSeconds} s and was stopped.`,
    });
  if (outcome.kind === "failed") {
    const end = failed(ended, { class: outcome.errorClass, message: outcome.message });
    return { ...end, isEngineFault: outcome.errorClass === "infrastructure" };
  }
  if (outcome.kind === "stopped")
    return failed(ended, {
      class: "infrastructure",
      message: "The runner stopped the attempt by itself.",
    });
  if (outcome.exitCode === 0) return complete(ended, outcome);
  return failed(ended, { class: "exit", message: describeExit(ended, outcome), ...outcome });
}

function complete(ended: Ended, outcome: Extract<RunOutcome, { kind: "exited" }>): AttemptEnd {
  try {
    const outputs = parseTaskOutput(outcome.output && redact(outcome.output, ended.secrets));
    const { durationMs, runner } = ended;
    const { imageDigest } = outcome;
    return { kind: "completed", result: { exitCode: 0, durationMs, runner, imageDigest, outputs } };
  } catch (error) {
    if (error instanceof EngineError)
      return failed(ended, { class: "invalid", message: error.message });
    throw error;
  }
}

/** First line: how it ended and the last it said; then the lines before. */
function describeExit(ended: Ended, outcome: Extract<RunOutcome, { kind: "exited" }>): string {
  const lines = ended.lastLines().filter((line) => line.trim() !== "");
  const last = lines.at(-1);
  const head = outcome.signal ? describeSignal(outcome.signal) : describeCode(outcome.exitCode);
  return [
    last ? `${head}: ${last.trim().slice(0, 300)}` : `${head}, without any output`,
    ...lines.slice(0, -1),
  ].join("\n");
}

/** A container's SIGKILL arrives as an exit code. */
function describeCode(exitCode: number | null): string {
  const remark = exitCode === 137 ? " (SIGKILL, possibly out of memory)" : "";
  return `Exit code ${exitCode}${remark}`;
}

function describeSignal(signal: string): string {
  return signal === "SIGKILL" ? "Ended by SIGKILL (possibly out of memory)" : `Ended by ${signal}`;
}

function failed(
  ended: Ended,
  failure: Pick<Failure, "class" | "message"> & {
    exitCode?: number | null;
    signal?: string | null;
  },
): Extract<AttemptEnd, { kind: "failed" }> {
  const { exitCode = null, signal = null } = failure;
  const message = redact(failure.message, ended.secrets).slice(0, 8000);
  return { kind: "failed", failure: { class: failure.class, message, exitCode, signal } };
}
