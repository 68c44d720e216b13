import { expect, it } from "vitest";
import { executionStatuses } from "@/lib/domain/status";
import { attemptOfBudget, describeState } from "./state-words";

const NOW = Date.UTC(2026, 0, 1);
const past = new Date(NOW - 1000).toISOString();
const future = new Date(NOW + 12_000).toISOString();
const busy = { workersAlive: 1, slots: 4, slotsUsed: 4, breakers: [] };
const free = { workersAlive: 1, slots: 4, slotsUsed: 0, breakers: [] };
const none = { workersAlive: 0, slots: 0, slotsUsed: 0, breakers: [] };

const breaker = {
  engine: "process@here",
  state: "open" as const,
  since: past,
  halfOpenAt: future,
  probesInFlight: 0,
  probeLimit: 2,
  letsThrough: 0,
  lastError: "no",
  lastErrorAt: past,
  turnedBy: null,
  workers: 1,
  slots: 4,
  slotsUsed: 0,
};

const blocked = { ...free, breakers: [breaker] };
const halfBlocked = { ...blocked, workersAlive: 2 };

function state(given: Partial<Parameters<typeof describeState>[0]>) {
  return {
    status: "SCHEDULED" as const,
    reason: null,
    dueAt: past,
    unfinishedDependencies: 0,
    causeExecutionId: null,
    cancelRequestedAt: null,
    startedAt: null,
    finishedAt: null,
    errorMessage: null,
    ...given,
  };
}

it.each([
  [
    "waits for tasks",
    state({ status: "PENDING", unfinishedDependencies: 3 }),
    free,
    "Waits for 3 tasks",
  ],
  [
    "waits for one",
    state({ status: "PENDING", unfinishedDependencies: 1 }),
    free,
    "Waits for 1 task",
  ],
  ["is next", state({}), free, "In the queue"],
  ["finds no worker", state({}), none, "No worker is alive"],
  ["finds no slot", state({}), busy, "All 4 slots are taken"],
  [
    "finds the breaker open",
    state({}),
    blocked,
    "Circuit breaker open: waits for the engine process@here",
  ],
  ["finds another engine whose breaker is closed", state({}), halfBlocked, "In the queue"],
  [
    "is being stopped",
    state({ status: "RUNNING", cancelRequestedAt: past }),
    free,
    "Being stopped",
  ],
  [
    "failed",
    state({ status: "FAILED", finishedAt: past, errorMessage: "exit code 3" }),
    free,
    "exit code 3",
  ],
  ["runs", state({ status: "RUNNING" }), free, null],
] as const)("says why it %s", (_, given, system, expected) => {
  expect(describeState(given, { system, now: NOW }).why).toBe(expected);
});

it("waits for its pool where a worker has a free slot, and for nothing of it where none has", () => {
  const why = (system: typeof free) =>
    describeState(state({}), { system, now: NOW, pool: "db" }).why;

  expect(why(free)).toBe("Waits for the pool “db”");
  expect(why(busy)).toBe("All 4 slots are taken");
});

it("counts down to a retry and shows the error it follows", () => {
  const given = state({ status: "RETRYING", dueAt: future, errorMessage: "exit code 3" });

  expect(describeState(given, { system: none, now: NOW })).toEqual({
    why: "exit code 3",
    countdownTo: future,
    isError: true,
  });
});

it("counts down to the next probe of an open breaker", () => {
  expect(describeState(state({}), { system: blocked, now: NOW }).countdownTo).toBe(future);
});

it("names the task because of which it was cancelled", () => {
  const given = state({ status: "CANCELLED", reason: "upstream_failed", finishedAt: past });

  expect(describeState(given, { system: free, now: NOW, causeName: "extract" }).why).toBe(
    "Because extract did not complete",
  );
});

it.each(executionStatuses)("has words for %s without any context", (status) => {
  expect(() => describeState(state({ status }), { system: undefined, now: NOW })).not.toThrow();
});

it.each([
  [0, 3, null],
  [1, 3, "1/4"],
  [4, 3, "4/4"],
  [5, 3, "5"],
  [1, 0, "1/1"],
])("shows attempt %i with %i retries as %j", (attempt, maxRetries, expected) => {
  expect(attemptOfBudget(attempt, maxRetries)).toBe(expected);
});
