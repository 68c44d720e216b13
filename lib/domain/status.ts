/** The ten statuses of an execution. */
export const executionStatuses = [
  "PENDING",
  "SCHEDULED",
  "PREPARING",
  "RUNNING",
  "PAUSED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "RETRYING",
  "TIMEOUT",
] as const;

export type ExecutionStatus = (typeof executionStatuses)[number];

/**
 * Every change of status there is; the code, the tests and the diagram in the README are made from this table.
 * A final status is left only when a person retries the execution.
 */
export const transitions = {
  PENDING: ["SCHEDULED", "PAUSED", "CANCELLED"],
  SCHEDULED: ["PREPARING", "PAUSED", "CANCELLED"],
  PREPARING: ["RUNNING", "COMPLETED", "FAILED", "TIMEOUT", "RETRYING", "CANCELLED", "SCHEDULED"],
  RUNNING: ["COMPLETED", "FAILED", "TIMEOUT", "RETRYING", "CANCELLED", "SCHEDULED"],
  PAUSED: ["PENDING", "SCHEDULED", "RETRYING", "CANCELLED"],
  RETRYING: ["PREPARING", "PAUSED", "CANCELLED"],
  COMPLETED: [],
  FAILED: ["SCHEDULED", "PENDING"],
  CANCELLED: ["SCHEDULED", "PENDING"],
  TIMEOUT: ["SCHEDULED", "PENDING"],
} as const satisfies Record<ExecutionStatus, readonly ExecutionStatus[]>;

export function canTransition(from: ExecutionStatus, to: ExecutionStatus): boolean {
  const targets: readonly ExecutionStatus[] = transitions[from];
  return targets.includes(to);
}

/** No further change of status comes by itself. TIMEOUT is stored only once no retry is left. */
const finalStatuses = ["COMPLETED", "FAILED", "CANCELLED", "TIMEOUT"] as const;
/** Ready for a claim once due and a slot is free. */
export const claimableStatuses = ["SCHEDULED", "RETRYING"] as const;
/** A worker holds an attempt. */
export const heldStatuses = ["PREPARING", "RUNNING"] as const;
/** Waiting, so it can be paused. */
export const pausableStatuses = ["PENDING", "SCHEDULED", "RETRYING"] as const;
/** A person can retry it. */
const retryableStatuses = ["FAILED", "TIMEOUT", "CANCELLED"] as const;

function isOneOf<S extends ExecutionStatus>(set: readonly S[]) {
  const members: readonly ExecutionStatus[] = set;
  return (status: ExecutionStatus): status is S => members.includes(status);
}

export const isFinal = isOneOf(finalStatuses);
export const isClaimable = isOneOf(claimableStatuses);
export const isHeld = isOneOf(heldStatuses);
export const isPausable = isOneOf(pausableStatuses);
export const isRetryable = isOneOf(retryableStatuses);

/** The statuses of a run; it is RUNNING from its first attempt until every execution is final. */
export const runStatuses = [
  "SCHEDULED",
  "RUNNING",
  "PAUSED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
] as const;

export type RunStatus = (typeof runStatuses)[number];

export function isRunFinal(status: RunStatus): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "CANCELLED";
}

/** How many executions of a run ended in which way; `failed` counts FAILED and TIMEOUT. */
export type RunCounts = { total: number; completed: number; failed: number; cancelled: number };

/** What a task shows in lists; it follows from its latest execution and is never stored. */
const taskStatuses = ["planned", "in progress", "completed", "failed", "cancelled"] as const;

export type TaskStatus = (typeof taskStatuses)[number];

const TASK_STATUS = {
  PENDING: "in progress",
  SCHEDULED: "in progress",
  PREPARING: "in progress",
  RUNNING: "in progress",
  PAUSED: "in progress",
  RETRYING: "in progress",
  COMPLETED: "completed",
  FAILED: "failed",
  TIMEOUT: "failed",
  CANCELLED: "cancelled",
} as const satisfies Record<ExecutionStatus, TaskStatus>;

/** `null` means the task has no execution yet. */
export function taskStatusOf(latest: ExecutionStatus | null): TaskStatus {
  return latest === null ? "planned" : TASK_STATUS[latest];
}

/**
 * The status of a run from its counts. A run that a person cancelled ends CANCELLED even if something failed before,
 * unless everything completed first.
 */
export function runStatusOf(run: {
  counts: RunCounts;
  started: boolean;
  paused: boolean;
  cancelRequested: boolean;
}): RunStatus {
  const { total, completed, failed, cancelled } = run.counts;
  const unfinished = total - completed - failed - cancelled;
  if (unfinished > 0) {
    if (run.paused) return "PAUSED";
    return run.started ? "RUNNING" : "SCHEDULED";
  }
  if (run.cancelRequested && cancelled > 0) return "CANCELLED";
  if (failed > 0) return "FAILED";
  return cancelled > 0 ? "CANCELLED" : "COMPLETED";
}
