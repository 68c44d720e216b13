import type { Explanation, Obstacle } from "./explain";
import { type ExecutionStatus, isClaimable, isFinal, isHeld } from "./status";

/** What is known of an execution and of the workers, read at one moment. */
export type WaitingFacts = {
  status: ExecutionStatus;
  /** A person paused the whole run. */
  isRunPaused: boolean;
  /** What a paused execution goes back to. */
  pausedFrom: ExecutionStatus | null;
  dueAt: string;
  /** By the database's clock, the only one that counts. */
  isDue: boolean;
  /** Number of the latest attempt, 0 before the first. */
  attempt: number;
  unfinished: Extract<Obstacle, { kind: "dependencies" }>["unfinished"];
  unfinishedCount: number;
  /** Place among the executions that a claim could take now, from 1. */
  position: number;
};

/** Slots of the workers that are alive and claim. */
export type Capacity = {
  workersAlive: number;
  slots: number;
  slotsUsed: number;
  heldBy: { executionId: string; taskName: string }[];
};

/**
 * Why an execution waits, from the same conditions as the claim; null when it does not wait because a worker holds it or
 * it is final. The claim also lets work below CRITICAL pass once it has waited too long, so a position is where it stands,
 * not a promise.
 */
export function explainWaiting(facts: WaitingFacts, capacity: Capacity): Explanation | null {
  const { status } = facts;
  if (isHeld(status) || isFinal(status)) return null;
  if (isClaimable(status) && facts.isDue)
    return { runnable: true, obstacles: findQueueObstacles(facts.position, capacity) };
  return { runnable: false, obstacles: findOwnObstacles(facts) };
}

function findOwnObstacles(facts: WaitingFacts): Obstacle[] {
  const { unfinished, unfinishedCount: count, dueAt: at } = facts;
  const obstacles: Obstacle[] = [];
  if (facts.status === "PAUSED")
    obstacles.push({ kind: "paused", by: facts.isRunPaused ? "run" : "execution" });
  if (count > 0) obstacles.push({ kind: "dependencies", unfinished, count });
  if (facts.isDue) return obstacles;
  const isRetry = facts.status === "RETRYING" || facts.pausedFrom === "RETRYING";
  obstacles.push(
    isRetry ? { kind: "retry", at, attempt: facts.attempt + 1 } : { kind: "start_time", at },
  );
  return obstacles;
}

function findQueueObstacles(position: number, capacity: Capacity): Obstacle[] {
  const { workersAlive, slots, slotsUsed, heldBy } = capacity;
  if (workersAlive === 0) return [{ kind: "no_workers" }];
  const free = slots - slotsUsed;
  if (free <= 0) return [{ kind: "slots", slots, heldBy, position }];
  return position > free ? [{ kind: "queue", position }] : [];
}
