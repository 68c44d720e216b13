import { type ErrorClass, isPermanent } from "./failure";

export const retryStrategies = [
  "NONE",
  "IMMEDIATE",
  "FIXED_DELAY",
  "EXPONENTIAL_BACKOFF",
  "FIBONACCI_BACKOFF",
] as const;

export type RetryStrategy = (typeof retryStrategies)[number];

export type RetryPolicy = {
  retryStrategy: RetryStrategy;
  maxRetries: number;
  retryDelaySeconds: number;
  /** Upper bound of one delay, in seconds. */
  maxRetryDelaySeconds: number;
  /** When true, each delay is drawn evenly from half the delay to the delay. */
  retryJitter: boolean;
  /** When set, only attempts that ended with one of these exit codes are retried. */
  retryOnExitCodes: number[] | null;
  /** When true, errors that would come back (image, command not found, invalid) are retried too. */
  retryPermanentErrors: boolean;
};

/** Lost attempts in a row, after which an execution is FAILED with reason `worker_lost`. */
const MAX_LOST_ATTEMPTS = 5;

/**
 * Seconds to wait before retry n (counted from 1), without jitter and capped; null when the strategy has no retry.
 * The cap also keeps the exponent small, so no delay overflows.
 */
export function retryDelay(
  policy: Pick<RetryPolicy, "retryStrategy" | "retryDelaySeconds" | "maxRetryDelaySeconds">,
  n: number,
): number | null {
  const { retryStrategy: strategy, retryDelaySeconds: d, maxRetryDelaySeconds: cap } = policy;
  switch (strategy) {
    case "NONE":
      return null;
    case "IMMEDIATE":
      return 0;
    case "FIXED_DELAY":
      return Math.min(d, cap);
    case "EXPONENTIAL_BACKOFF":
      return Math.min(d * 2 ** Math.min(n, 30), cap);
    case "FIBONACCI_BACKOFF":
      return Math.min(d * fibonacci(n), cap);
  }
}

/** F(1) = F(2) = 1; n above 60 counts as 60, far beyond every cap. */
function fibonacci(n: number): number {
  let [previous, current] = [0, 1];
  for (let i = 1; i < Math.min(n, 60); i++) [previous, current] = [current, previous + current];
  return current;
}

export type RetryDecision =
  | { retry: true; delaySeconds: number }
  /** Why not, in the words that the event and the UI show. */
  | { retry: false; reason: "no_retries" | "retries_used_up" | "permanent_error" | "exit_code" };

/**
 * Whether a failed attempt is tried again and after how many seconds. `retriesUsed` counts this budget's retries so far;
 * `random` is a number from 0 to below 1. Infrastructure errors are decided by `decideLost` instead.
 */
export function decideRetry(input: {
  policy: RetryPolicy;
  errorClass: ErrorClass;
  exitCode: number | null;
  retriesUsed: number;
  random: number;
}): RetryDecision {
  const { policy, errorClass, exitCode, retriesUsed } = input;
  if (policy.retryStrategy === "NONE" || policy.maxRetries === 0)
    return { retry: false, reason: "no_retries" };
  if (isPermanent(errorClass) && !policy.retryPermanentErrors)
    return { retry: false, reason: "permanent_error" };
  if (errorClass === "exit" && !isRetriedExitCode(policy.retryOnExitCodes, exitCode))
    return { retry: false, reason: "exit_code" };
  if (retriesUsed >= policy.maxRetries) return { retry: false, reason: "retries_used_up" };
  const delay = retryDelay(policy, retriesUsed + 1) ?? 0;
  const jitter = policy.retryJitter ? 0.5 + input.random / 2 : 1;
  return { retry: true, delaySeconds: delay * jitter };
}

function isRetriedExitCode(allowed: number[] | null, exitCode: number | null): boolean {
  return allowed === null || (exitCode !== null && allowed.includes(exitCode));
}

/**
 * Seconds to wait after the n-th lost attempt in a row (worker or engine gone), or null when that was one too many. The
 * first follows at once: the lease has already cost the time that a dead worker needs to be noticed.
 */
export function lostDelay(lostInRow: number): number | null {
  if (lostInRow >= MAX_LOST_ATTEMPTS) return null;
  return lostInRow <= 1 ? 0 : 5 * 2 ** (lostInRow - 2);
}

/** Start of each coming attempt in seconds after the first failure, for the retry calendar; capped at 100 entries. */
export function retryCalendar(policy: RetryPolicy): number[] {
  if (policy.retryStrategy === "NONE") return [];
  let at = 0;
  return Array.from({ length: Math.min(policy.maxRetries, 100) }, (_, i) => {
    at += retryDelay(policy, i + 1) ?? 0;
    return at;
  });
}
