/** Why a status changed, where the ordinary course does not say it. Stored with the event and the execution. */
const reasons = {
  upstream_failed: "A task it waits for ended without completing.",
  worker_lost: "Its worker or engine went away five times in a row.",
  lease_expired: "Its worker stopped answering.",
  infrastructure: "The runner's engine failed.",
  engine_away:
    "The runner's engine keeps failing; the attempt does not count and waits for the circuit breaker.",
  released: "The worker gave it back because it was stopping; the attempt does not count.",
  no_retries: "The task allows no retry.",
  retries_used_up: "All retries are used up.",
  permanent_error: "The same error would come back on every retry.",
  exit_code: "The task does not retry after this exit code.",
  timeout: "The attempt took longer than the task's timeout.",
  manual_retry: "A person asked for a retry.",
  cancel_requested: "A person cancelled it.",
  paused: "A person paused it.",
  resumed: "A person resumed it.",
} as const satisfies Record<string, string>;

export type Reason = keyof typeof reasons;

/** The sentence for a stored reason; the code itself when it is unknown (written by a newer version). */
export function describeReason(reason: string): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : reason; // checked by hasOwn
}
