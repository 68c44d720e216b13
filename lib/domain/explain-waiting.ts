import type { BreakerStanding } from "./circuit-breaker";
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
  /** Null when it has no pool, or none any more. */
  pool: PoolFacts | null;
};

/** What stands between an execution and a slot of its pool. */
export type PoolFacts = Omit<Extract<Obstacle, { kind: "pool" }>, "kind">;

/** Slots of the workers that are alive and claim. */
export type Capacity = {
  workersAlive: number;
  slots: number;
  slotsUsed: number;
  heldBy: { executionId: string; taskName: string }[];
  /** Of every engine that those workers talk to. */
  breakers: readonly BreakerStanding[];
};

/**
 * Why an execution waits, from the same conditions as the claim; null when it does not wait because a worker holds it or
 * it is final. The claim also lets work below CRITICAL pass once it has waited too long, so a position is where it stands,
 * not a promise.
 */
export function explainWaiting(facts: WaitingFacts, capacity: Capacity): Explanation | null {
  const { status } = facts;
  if (isHeld(status) || isFinal(status)) return null;
  if (isClaimable(status) && facts.isDue) {
    const { pool } = facts;
    if (pool && pool.position > pool.slots - pool.slotsUsed)
      return { runnable: false, obstacles: [{ kind: "pool", ...pool }] };
    return explainReady(facts.position, capacity);
  }
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

/** Its own conditions hold: what is left are the breakers, the slots behind those that let something through, and its place. */
function explainReady(position: number, capacity: Capacity): Explanation {
  if (capacity.workersAlive === 0) return { runnable: true, obstacles: [{ kind: "no_workers" }] };
  const limited = listLimitedBreakers(capacity.breakers);
  const breakers = limited.map(toObstacle);
  if (findBlockingBreaker(capacity)) return { runnable: false, obstacles: breakers };
  const queue = findQueueObstacles(position, capacity, limited);
  if (queue.length === 0) return { runnable: true, obstacles: [] };
  const isFree = countWorkers(limited) < capacity.workersAlive;
  const obstacles = isFree ? [...queue, ...breakers] : [...breakers, ...queue];
  return { runnable: true, obstacles };
}

/** The breaker that is the first to let something through, when none does at present; null when one does, or nobody works. */
export function findBlockingBreaker({
  workersAlive,
  breakers,
}: Pick<Capacity, "workersAlive" | "breakers">): BreakerStanding | null {
  const blocking = listLimitedBreakers(breakers).filter(({ letsThrough }) => letsThrough === 0);
  return countWorkers(blocking) < workersAlive ? null : (blocking[0] ?? null);
}

/** Those that do not let everything through, in the order of their next probe. */
function listLimitedBreakers(breakers: readonly BreakerStanding[]): BreakerStanding[] {
  return breakers
    .filter(({ letsThrough }) => letsThrough !== null)
    .toSorted((a, b) => (a.halfOpenAt ?? "").localeCompare(b.halfOpenAt ?? ""));
}

function countWorkers(breakers: readonly BreakerStanding[]): number {
  return breakers.reduce((sum, { workers }) => sum + workers, 0);
}

function toObstacle(breaker: BreakerStanding): Obstacle {
  const { engine, state, halfOpenAt, probesInFlight, probeLimit } = breaker;
  return { kind: "breaker", engine, state, halfOpenAt, probesInFlight, probeLimit };
}

function findQueueObstacles(
  position: number,
  capacity: Capacity,
  limited: readonly BreakerStanding[],
): Obstacle[] {
  const { heldBy } = capacity;
  const closed = limited.filter(({ letsThrough }) => letsThrough === 0);
  const slots = capacity.slots - closed.reduce((sum, each) => sum + each.slots, 0);
  // Of the free slots behind a half-open breaker no more count than it has probes left.
  const kept = limited.reduce((sum, each) => {
    const free = each.slots - each.slotsUsed;
    return sum + Math.max(0, free - (each.letsThrough ?? free));
  }, 0);
  const free = capacity.slots - capacity.slotsUsed - kept;
  if (free <= 0) return [{ kind: "slots", slots, heldBy, position }];
  return position > free ? [{ kind: "queue", position }] : [];
}
