import type { BreakerStanding } from "./circuit-breaker";
import type { ExecutionStatus } from "./status";

/** One thing an execution waits for. */
export type Obstacle =
  | { kind: "paused"; by: "execution" | "run" }
  | {
      kind: "dependencies";
      unfinished: { executionId: string; taskName: string; status: ExecutionStatus }[];
      /** How many there are in all; `unfinished` names the first ten. */
      count: number;
    }
  | { kind: "start_time"; at: string }
  | { kind: "retry"; at: string; attempt: number }
  | {
      kind: "pool";
      pool: string;
      /** Null when it shares the slots with all that have no key. */
      key: string | null;
      slots: number;
      slotsUsed: number;
      /** The first ten. */
      heldBy: { executionId: string; taskName: string }[];
      /** Its place among those that wait for the same slots, from 1. */
      position: number;
    }
  | { kind: "no_workers" }
  | ({ kind: "breaker" } & BreakerWait)
  | {
      kind: "slots";
      /** Slots of all workers alive, all taken. */
      slots: number;
      heldBy: { executionId: string; taskName: string }[];
      /** Its place in the queue, from 1. */
      position: number;
    }
  | { kind: "queue"; position: number };

/** What one needs to know of a breaker that stands in the way. */
type BreakerWait = Pick<
  BreakerStanding,
  "engine" | "state" | "halfOpenAt" | "probesInFlight" | "probeLimit"
>;

/**
/**
 * Places beyond this one are not counted, so that a long queue costs no more than a short one: a position one higher stands
 * for all of them.
 */
export const LAST_POSITION = 1000;

/**
 * Why an execution waits. `runnable` is true exactly when the claim's conditions hold for its row: status, due time, a slot
 * of its pool, and a circuit breaker that lets through what a worker alive would take; then only slots, the number of
 * probes, workers and its place in the queue are left, and those are listed too.
 */
export type Explanation = { runnable: boolean; obstacles: Obstacle[] };

/** One sentence for a node or a table cell; null when nothing is in the way. `now` in milliseconds. */
export function summariseExplanation(explanation: Explanation, now: number): string | null {
  const first = explanation.obstacles[0];
  return first ? describeObstacle(first, now) : null;
}

/** A sentence that names what is waited for. */
export function describeObstacle(obstacle: Obstacle, now: number): string {
  switch (obstacle.kind) {
    case "paused":
      return obstacle.by === "run" ? "The run is paused." : "It is paused.";
    case "dependencies":
      return describeDependencies(obstacle);
    case "start_time":
      return `Starts in ${countdown(obstacle.at, now)}.`;
    case "retry":
      return `Attempt ${obstacle.attempt} in ${countdown(obstacle.at, now)}.`;
    case "pool":
      return describePool(obstacle);
    case "no_workers":
      return "No worker is alive.";
    case "breaker":
      return describeBreaker(obstacle, now);
    case "slots":
      return `All ${obstacle.slots} slots are taken; ${place(obstacle.position)} in the queue.`;
    case "queue":
      return `In the queue, ${place(obstacle.position)}.`;
  }
}

function describeBreaker(breaker: BreakerWait, now: number): string {
  const { engine, state, halfOpenAt, probesInFlight, probeLimit } = breaker;
  const waits = `Waits for the engine ${engine}: circuit breaker ${state}`;
  if (state === "half-open")
    return `${waits}, ${probesInFlight} of ${probeLimit} probes under way.`;
  const isDue = halfOpenAt === null || Date.parse(halfOpenAt) <= now;
  return `${waits}, next probe ${isDue ? "now" : `in ${countdown(halfOpenAt, now)}`}.`;
}

function describePool(obstacle: Extract<Obstacle, { kind: "pool" }>): string {
  const { pool, key, slots, slotsUsed, position } = obstacle;
  const whose = key === null ? `Pool “${pool}”` : `Pool “${pool}”, key “${key}”`;
  const taken = `${slotsUsed} of ${slots} ${slots === 1 ? "slot" : "slots"} taken`;
  return `${whose}: ${taken}; ${place(position)} in its queue.`;
}

function place(position: number): string {
  return position > LAST_POSITION ? `after the first ${LAST_POSITION}` : `number ${position}`;
}

function describeDependencies(obstacle: Extract<Obstacle, { kind: "dependencies" }>): string {
  const names = obstacle.unfinished.slice(0, 2).map(({ taskName }) => taskName);
  const others = obstacle.count - names.length;
  return `Waits for ${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}.`;
}

/** "12 s", "3 min", "2 h", "4 d". */
function countdown(at: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}
