import { expect, it } from "vitest";
import type { RunTimeline } from "@/lib/domain/views";
import { extentOf, segmentsOf, ticksOf } from "./timeline-segments";

const START = Date.UTC(2026, 0, 1);
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();

type Execution = RunTimeline["executions"][number];
type Attempt = Execution["attempts"][number];

function execution(given: Partial<Execution>): Execution {
  return {
    executionId: "e",
    createdAt: at(0),
    readyAt: at(0),
    finishedAt: null,
    attempts: [],
    ...given,
  };
}

function attempt(given: Partial<Attempt>): Attempt {
  return {
    attempt: 1,
    claimedAt: at(0),
    startedAt: null,
    endedAt: null,
    outcome: null,
    nextAttemptAt: null,
    ...given,
  };
}

const read = (given: Execution, now: number) =>
  segmentsOf(given, START + now * 1000).map(({ kind, from, to }) => [
    kind,
    (from - START) / 1000,
    (to - START) / 1000,
  ]);

it("tells waiting for tasks from waiting in the queue", () => {
  const given = execution({ readyAt: at(4), attempts: [attempt({ claimedAt: at(6) })] });

  expect(read(given, 9)).toEqual([
    ["blocked", 0, 4],
    ["queued", 4, 6],
    ["preparing", 6, 9],
  ]);
});

it("is blocked until now while a dependency is missing", () => {
  expect(read(execution({ readyAt: null }), 5)).toEqual([["blocked", 0, 5]]);
});

it("tells preparing, running, retry delay and the queue after it apart", () => {
  const given = execution({
    finishedAt: at(20),
    attempts: [
      attempt({
        startedAt: at(2),
        endedAt: at(5),
        outcome: "FAILED",
        nextAttemptAt: at(15),
      }),
      attempt({
        attempt: 2,
        claimedAt: at(17),
        startedAt: at(18),
        endedAt: at(20),
        outcome: "COMPLETED",
      }),
    ],
  });

  expect(read(given, 99)).toEqual([
    ["preparing", 0, 2],
    ["running", 2, 5],
    ["retry delay", 5, 15],
    ["queued", 15, 17],
    ["preparing", 17, 18],
    ["running", 18, 20],
  ]);
});

it("counts the delay on while the retry has not come", () => {
  const ended = attempt({
    endedAt: at(5),
    startedAt: at(1),
    outcome: "FAILED",
    nextAttemptAt: at(30),
  });

  expect(read(execution({ attempts: [ended] }), 10).at(-1)).toEqual(["retry delay", 5, 10]);
});

it("leaves a rest between a final failure and a person's retry empty", () => {
  const given = execution({
    attempts: [
      attempt({ startedAt: at(0), endedAt: at(5), outcome: "FAILED" }),
      attempt({ attempt: 2, claimedAt: at(60), startedAt: at(60) }),
    ],
  });

  expect(read(given, 70)).toEqual([
    ["running", 0, 5],
    ["running", 60, 70],
  ]);
});

it("shows an execution that was cancelled before it started as waiting alone", () => {
  expect(read(execution({ readyAt: null, finishedAt: at(7) }), 99)).toEqual([["blocked", 0, 7]]);
});

it("reaches from the first creation to the last end", () => {
  const timeline = {
    executions: [
      execution({ finishedAt: at(8) }),
      execution({ createdAt: at(2), finishedAt: at(5) }),
    ],
    now: at(99),
  };

  expect(extentOf(timeline, START + 99_000)).toEqual({ from: START, to: START + 8000 });
});

it("has an extent even without executions", () => {
  const { from, to } = extentOf({ executions: [], now: at(0) }, START);

  expect(to).toBeGreaterThan(from);
});

it.each([
  [10_000, 10, 11],
  [95_000, 10, 10],
  [3_600_000, 6, 7],
  [40 * 86_400_000, 10, 11],
])("marks %i ms with at most %i steps", (length, most, count) => {
  expect(ticksOf(length, most)).toHaveLength(count);
});
