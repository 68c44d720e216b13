import type { Failure } from "./failure";
import type { Reason } from "./reason";
import type { Result } from "./result";
import { decideRetry, lostDelay, type RetryPolicy } from "./retry";
import type { ExecutionStatus } from "./status";

/** How an attempt ended, as its worker or the sweep reports it. */
export type AttemptEnd =
  | { kind: "completed"; result: Result }
  | {
      kind: "failed";
      failure: Failure;
      /** The runner reported the loss of its engine; not so when a worker died, a hook failed or a worker erred. */
      isEngineFault?: boolean;
    }
  /** The work was stopped because a cancel was requested. */
  | { kind: "cancelled" }
  /** The worker gives it back while draining. */
  | { kind: "released" };

/** What is stored of an ended attempt. LOST: its worker or engine went away. RELEASED: given back, not counted. */
export type AttemptOutcome = "COMPLETED" | "FAILED" | "TIMEOUT" | "CANCELLED" | "LOST" | "RELEASED";

/** What becomes of an execution when its attempt ends. */
export type Ending = {
  to: ExecutionStatus;
  outcome: AttemptOutcome;
  reason: Reason | null;
  /** Seconds until the next attempt may start; null when the due time stays. */
  dueInSeconds: number | null;
  retriesUsed: number;
  lostInRow: number;
  failure: Failure | null;
  result: Result | null;
};

/**
 * The rule for the end of an attempt. After a recorded cancel request the only outcome is CANCELLED, whatever the attempt
 * did meanwhile. `random` is a number from 0 to below 1.
 */
export function decideEnding(input: {
  policy: RetryPolicy;
  end: AttemptEnd;
  cancelRequested: boolean;
  retriesUsed: number;
  lostInRow: number;
  /** The loss is the circuit breaker's: it does not count, and the execution waits for the engine. */
  isBreakersLoss?: boolean;
  random: number;
}): Ending {
  const { end, retriesUsed } = input;
  const base = { retriesUsed, lostInRow: 0, dueInSeconds: null, failure: null, result: null };
  if (input.cancelRequested || end.kind === "cancelled")
    return { ...base, to: "CANCELLED", outcome: "CANCELLED", reason: "cancel_requested" };
  if (end.kind === "completed")
    return { ...base, to: "COMPLETED", outcome: "COMPLETED", reason: null, result: end.result };
  if (end.kind === "released")
    return {
      ...base,
      to: "SCHEDULED",
      outcome: "RELEASED",
      reason: "released",
      dueInSeconds: 0,
      lostInRow: input.lostInRow,
    };
  if (end.failure.class === "infrastructure") return endLost(input, end.failure);
  return endFailed(input, end.failure);
}

function endLost(
  input: { retriesUsed: number; lostInRow: number; isBreakersLoss?: boolean },
  failure: Failure,
): Ending {
  const { retriesUsed, isBreakersLoss = false } = input;
  const lostInRow = isBreakersLoss ? input.lostInRow : input.lostInRow + 1;
  const common = { outcome: "LOST", retriesUsed, lostInRow, failure, result: null } as const;
  if (isBreakersLoss) return { ...common, to: "RETRYING", reason: "engine_away", dueInSeconds: 0 };
  const delay = lostDelay(lostInRow);
  if (delay === null) return { ...common, to: "FAILED", reason: "worker_lost", dueInSeconds: null };
  return { ...common, to: "RETRYING", reason: "infrastructure", dueInSeconds: delay };
}

function endFailed(
  input: { policy: RetryPolicy; retriesUsed: number; random: number },
  failure: Failure,
): Ending {
  const isTimeout = failure.class === "timeout";
  const decision = decideRetry({
    policy: input.policy,
    errorClass: failure.class,
    exitCode: failure.exitCode,
    retriesUsed: input.retriesUsed,
    random: input.random,
  });
  const common = {
    outcome: isTimeout ? "TIMEOUT" : "FAILED",
    lostInRow: 0,
    failure,
    result: null,
  } as const;
  if (decision.retry)
    return {
      ...common,
      to: "RETRYING",
      reason: isTimeout ? "timeout" : null,
      dueInSeconds: decision.delaySeconds,
      retriesUsed: input.retriesUsed + 1,
    };
  return {
    ...common,
    to: isTimeout ? "TIMEOUT" : "FAILED",
    reason: decision.reason,
    dueInSeconds: null,
    retriesUsed: input.retriesUsed,
  };
}
