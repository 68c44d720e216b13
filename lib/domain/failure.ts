/**
 * Why an attempt failed. `exit` and `timeout` follow the retry strategy; `image`, `command_not_found` and `invalid` are
 * permanent; `infrastructure` is not the task's fault and does not use up its retries.
 */
const errorClasses = [
  "exit",
  "timeout",
  "image",
  "command_not_found",
  "invalid",
  "infrastructure",
] as const;

export type ErrorClass = (typeof errorClasses)[number];

/** What is stored of a failed attempt. */
export type Failure = {
  class: ErrorClass;
  /** A sentence for people. */
  message: string;
  exitCode: number | null;
  signal: string | null;
};

/** A permanent error would come back on every retry, so it is not retried unless the task says so. */
export function isPermanent(errorClass: ErrorClass): boolean {
  return errorClass === "image" || errorClass === "command_not_found" || errorClass === "invalid";
}
