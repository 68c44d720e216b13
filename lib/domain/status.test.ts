import { describe, expect, it } from "vitest";
import {
  canTransition,
  type ExecutionStatus,
  executionStatuses,
  isFinal,
  isHeld,
  isPausable,
  isRetryable,
  type RunCounts,
  runStatusOf,
  taskStatusOf,
} from "./status";

/** The specification's table, row by row: what may follow each status. */
const ALLOWED: Record<ExecutionStatus, ExecutionStatus[]> = {
  PENDING: ["SCHEDULED", "PAUSED", "CANCELLED"],
  SCHEDULED: ["PREPARING", "PAUSED", "CANCELLED"],
  PREPARING: ["RUNNING", "COMPLETED", "FAILED", "TIMEOUT", "RETRYING", "CANCELLED", "SCHEDULED"],
  RUNNING: ["COMPLETED", "FAILED", "TIMEOUT", "RETRYING", "CANCELLED", "SCHEDULED"],
  PAUSED: ["PENDING", "SCHEDULED", "RETRYING", "CANCELLED"],
  RETRYING: ["PREPARING", "PAUSED", "CANCELLED"],
  COMPLETED: [],
  FAILED: ["SCHEDULED", "PENDING"],
  TIMEOUT: ["SCHEDULED", "PENDING"],
  CANCELLED: ["SCHEDULED", "PENDING"],
};

const pairs = executionStatuses.flatMap((from) => executionStatuses.map((to) => ({ from, to })));

describe("a transition", () => {
  it.each(pairs)(
    "from $from to $to is allowed exactly if the specification lists it",
    ({ from, to }) => {
      expect(canTransition(from, to)).toBe(ALLOWED[from].includes(to));
    },
  );

  it("leaves a final status only towards a fresh start", () => {
    for (const from of executionStatuses.filter(isFinal))
      for (const to of executionStatuses.filter((status) => canTransition(from, status)))
        expect(["SCHEDULED", "PENDING"]).toContain(to);
  });
});

it.each<
  [ExecutionStatus, { final: boolean; held: boolean; pausable: boolean; retryable: boolean }]
>([
  ["PENDING", { final: false, held: false, pausable: true, retryable: false }],
  ["SCHEDULED", { final: false, held: false, pausable: true, retryable: false }],
  ["PREPARING", { final: false, held: true, pausable: false, retryable: false }],
  ["RUNNING", { final: false, held: true, pausable: false, retryable: false }],
  ["PAUSED", { final: false, held: false, pausable: false, retryable: false }],
  ["RETRYING", { final: false, held: false, pausable: true, retryable: false }],
  ["COMPLETED", { final: true, held: false, pausable: false, retryable: false }],
  ["FAILED", { final: true, held: false, pausable: false, retryable: true }],
  ["TIMEOUT", { final: true, held: false, pausable: false, retryable: true }],
  ["CANCELLED", { final: true, held: false, pausable: false, retryable: true }],
])("%s has its properties", (status, expected) => {
  expect({
    final: isFinal(status),
    held: isHeld(status),
    pausable: isPausable(status),
    retryable: isRetryable(status),
  }).toEqual(expected);
});

describe("the status of a run", () => {
  const counts = (completed: number, failed: number, cancelled: number): RunCounts => ({
    total: 3,
    completed,
    failed,
    cancelled,
  });
  const quiet = { started: false, paused: false, cancelRequested: false };

  it.each([
    ["nothing has started", { ...quiet, counts: counts(0, 0, 0) }, "SCHEDULED"],
    ["something has started", { ...quiet, started: true, counts: counts(1, 0, 0) }, "RUNNING"],
    ["it is paused", { ...quiet, started: true, paused: true, counts: counts(1, 0, 0) }, "PAUSED"],
    [
      "a cancel is on its way",
      { ...quiet, started: true, cancelRequested: true, counts: counts(1, 0, 1) },
      "RUNNING",
    ],
    ["all completed", { ...quiet, started: true, counts: counts(3, 0, 0) }, "COMPLETED"],
    [
      "all completed before the cancel",
      { ...quiet, cancelRequested: true, counts: counts(3, 0, 0) },
      "COMPLETED",
    ],
    [
      "one failed and cancelled the rest",
      { ...quiet, started: true, counts: counts(1, 1, 1) },
      "FAILED",
    ],
    [
      "a person cancelled one, the rest completed",
      { ...quiet, counts: counts(2, 0, 1) },
      "CANCELLED",
    ],
    [
      "a person cancelled the run after a failure",
      { ...quiet, cancelRequested: true, counts: counts(1, 1, 1) },
      "CANCELLED",
    ],
    [
      "all ended while it was paused",
      { ...quiet, paused: true, counts: counts(3, 0, 0) },
      "COMPLETED",
    ],
  ] as const)("is right when %s", (_, run, expected) => {
    expect(runStatusOf(run)).toBe(expected);
  });
});

it.each<[ExecutionStatus | null, string]>([
  [null, "planned"],
  ["PENDING", "in progress"],
  ["RUNNING", "in progress"],
  ["COMPLETED", "completed"],
  ["FAILED", "failed"],
  ["TIMEOUT", "failed"],
  ["CANCELLED", "cancelled"],
])("a task whose latest execution is %s shows %s", (latest, expected) => {
  expect(taskStatusOf(latest)).toBe(expected);
});
