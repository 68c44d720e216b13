import { describe, expect, it } from "vitest";
import type { BreakerStanding } from "./circuit-breaker";
import { describeObstacle, LAST_POSITION } from "./explain";
import { type Capacity, explainWaiting, type WaitingFacts } from "./explain-waiting";
import { executionStatuses } from "./status";

const AT = "2030-01-01T00:00:00.000Z";
const IDLE: Capacity = { workersAlive: 1, slots: 2, slotsUsed: 0, heldBy: [], breakers: [] };
const held = { executionId: "1", taskName: "Other" };
const FULL: Capacity = { ...IDLE, slotsUsed: 2, heldBy: [held] };
const NONE: Capacity = { workersAlive: 0, slots: 0, slotsUsed: 0, heldBy: [], breakers: [] };

function facts(given: Partial<WaitingFacts>): WaitingFacts {
  return {
    status: "SCHEDULED",
    isRunPaused: false,
    pausedFrom: null,
    dueAt: AT,
    isDue: true,
    attempt: 0,
    unfinished: [],
    unfinishedCount: 0,
    position: 1,
    pool: null,
    ...given,
  };
}

const db = { pool: "db", key: null, slots: 2, heldBy: [held] };

const waits = { unfinished: [{ ...held, status: "RUNNING" as const }], unfinishedCount: 3 };
const dependencies = { kind: "dependencies", unfinished: waits.unfinished, count: 3 };

const SOON = "2030-01-01T00:00:30.000Z";
const CLOSED: BreakerStanding = {
  engine: "a",
  state: "closed",
  halfOpenAt: null,
  probesInFlight: 0,
  probeLimit: 2,
  letsThrough: null,
  workers: 1,
  slots: 2,
  slotsUsed: 0,
};
const OPEN: BreakerStanding = { ...CLOSED, state: "open", halfOpenAt: SOON, letsThrough: 0 };
const HALF: BreakerStanding = { ...OPEN, state: "half-open", letsThrough: 1, probesInFlight: 1 };
const USED_UP: BreakerStanding = { ...HALF, letsThrough: 0, probesInFlight: 2 };

function obstacleOf({ engine, state, halfOpenAt, probesInFlight, probeLimit }: BreakerStanding) {
  return { kind: "breaker", engine, state, halfOpenAt, probesInFlight, probeLimit };
}

function behind(...breakers: BreakerStanding[]): Capacity {
  const sum = (of: (b: BreakerStanding) => number) => breakers.reduce((n, b) => n + of(b), 0);
  return {
    workersAlive: sum((b) => b.workers),
    slots: sum((b) => b.slots),
    slotsUsed: sum((b) => b.slotsUsed),
    heldBy: [],
    breakers,
  };
}

describe("explainWaiting", () => {
  it.each([
    ["a free slot", {}, IDLE, []],
    ["a retry whose time has come", { status: "RETRYING", attempt: 1 }, IDLE, []],
    ["the last free slot", { position: 2 }, IDLE, []],
    ["a place behind the free slots", { position: 3 }, IDLE, [{ kind: "queue", position: 3 }]],
    ["no free slot", {}, FULL, [{ kind: "slots", slots: 2, heldBy: [held], position: 1 }]],
    ["no worker", {}, NONE, [{ kind: "no_workers" }]],
    ["the last free slot of its pool", { pool: { ...db, slotsUsed: 1, position: 1 } }, IDLE, []],
  ] as const)(
    "calls ready work runnable and names what is left: %s",
    (_, given, capacity, obstacles) => {
      expect(explainWaiting(facts(given), capacity)).toEqual({ runnable: true, obstacles });
    },
  );

  const other = { ...OPEN, engine: "b", halfOpenAt: AT };
  const full = { ...CLOSED, engine: "c", slotsUsed: 2 };
  const slots = { kind: "slots", slots: 2, heldBy: [], position: 2 };

  it.each([
    ["closed", behind(CLOSED), true, []],
    ["open", behind(OPEN), false, [obstacleOf(OPEN)]],
    [
      "half-open with a probe left, for the second",
      behind(HALF),
      true,
      [obstacleOf(HALF), { kind: "queue", position: 2 }],
    ],
    ["half-open without a probe left", behind(USED_UP), false, [obstacleOf(USED_UP)]],
    ["half-open and proven", behind({ ...HALF, letsThrough: null }), true, []],
    [
      "open on all engines, the next probe first",
      behind(OPEN, other),
      false,
      [obstacleOf(other), obstacleOf(OPEN)],
    ],
    ["open on one engine of two", behind(OPEN, { ...CLOSED, engine: "b" }), true, []],
    [
      "open, and the other engine's slots are taken",
      behind(OPEN, full),
      true,
      [slots, obstacleOf(OPEN)],
    ],
    [
      "open, beside a worker from before there were breakers",
      { ...behind(OPEN), workersAlive: 2, slots: 4 },
      true,
      [],
    ],
  ] as const)(
    "calls ready work runnable when a worker's breaker lets it through: %s",
    (_, capacity, runnable, obstacles) => {
      expect(explainWaiting(facts({ position: 2 }), capacity)).toEqual({ runnable, obstacles });
    },
  );

  it("names nothing in the way of the execution that is the next probe", () => {
    const explanation = explainWaiting(facts({ position: 1 }), behind(HALF));

    expect(explanation).toEqual({ runnable: true, obstacles: [] });
  });

  it.each([
    ["its start time", { isDue: false }, [{ kind: "start_time", at: AT }]],
    [
      "its retry",
      { status: "RETRYING", attempt: 2, isDue: false },
      [{ kind: "retry", at: AT, attempt: 3 }],
    ],
    ["its dependencies", { status: "PENDING", ...waits }, [dependencies]],
    [
      "its dependencies and its start time",
      { status: "PENDING", ...waits, isDue: false },
      [dependencies, { kind: "start_time", at: AT }],
    ],
    [
      "a person",
      { status: "PAUSED", pausedFrom: "SCHEDULED" },
      [{ kind: "paused", by: "execution" }],
    ],
    [
      "a paused run and its dependencies",
      { status: "PAUSED", pausedFrom: "PENDING", isRunPaused: true, ...waits },
      [{ kind: "paused", by: "run" }, dependencies],
    ],
    [
      "a person, and then its retry",
      { status: "PAUSED", pausedFrom: "RETRYING", attempt: 1, isDue: false },
      [
        { kind: "paused", by: "execution" },
        { kind: "retry", at: AT, attempt: 2 },
      ],
    ],
    [
      "its full pool",
      { pool: { ...db, slotsUsed: 2, position: 1 } },
      [{ kind: "pool", ...db, slotsUsed: 2, position: 1 }],
    ],
    [
      "others of its pool",
      { pool: { ...db, slotsUsed: 1, position: 2 } },
      [{ kind: "pool", ...db, slotsUsed: 1, position: 2 }],
    ],
    [
      "its start time, before its pool",
      { isDue: false, pool: { ...db, slotsUsed: 2, position: 1 } },
      [{ kind: "start_time", at: AT }],
    ],
  ] as const)("names what it waits for: %s", (_, given, obstacles) => {
    const all = facts({ ...given, unfinished: waits.unfinished });
    expect(explainWaiting(all, IDLE)).toEqual({ runnable: false, obstacles });
  });

  it("explains exactly the statuses that wait", () => {
    const waiting = executionStatuses.filter((status) => explainWaiting(facts({ status }), IDLE));

    expect(waiting).toEqual(["PENDING", "SCHEDULED", "PAUSED", "RETRYING"]);
  });
});

describe("describeObstacle", () => {
  it.each([
    [{ ...db, slotsUsed: 2, position: 3 }, "Pool “db”: 2 of 2 slots taken; number 3 in its queue."],
    [
      { ...db, key: "customer-42", slots: 1, slotsUsed: 1, position: 1 },
      "Pool “db”, key “customer-42”: 1 of 1 slot taken; number 1 in its queue.",
    ],
    [
      { ...db, slotsUsed: 2, position: LAST_POSITION + 1 },
      "Pool “db”: 2 of 2 slots taken; after the first 1000 in its queue.",
    ],
  ])("tells how full the pool is, and the place in its queue", (pool, words) => {
    expect(describeObstacle({ kind: "pool", ...pool }, 0)).toBe(words);
  });
});
