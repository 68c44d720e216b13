import type { BreakerStanding } from "@/lib/domain/circuit-breaker";
import { findBlockingBreaker } from "@/lib/domain/explain-waiting";
import { describeReason } from "@/lib/domain/reason";
import { isClaimable } from "@/lib/domain/status";
import type { ExecutionState, SystemState } from "@/lib/domain/views";

export type StateWords = {
  /** Why it stands where it stands, in a few words; null when the status says it all. */
  why: string | null;
  /** The time it waits for, to be counted down. */
  countdownTo: string | null;
  /** `why` is a failure's message. */
  isError: boolean;
};

type Context = {
  system: Pick<SystemState, "workersAlive" | "slots" | "slotsUsed" | "breakers"> | undefined;
  /** Milliseconds, by the database's clock. */
  now: number;
  /** Name of the task because of which it has this status, where it is at hand. */
  causeName?: string | undefined;
  runPaused?: boolean;
  /** Name of its pool. */
  pool?: string | null;
};

type State = Omit<ExecutionState, "executionId" | "attempt" | "retriesUsed">;

/** A few words for a node or a table cell. The full explanation, from the claim's own conditions, is in the inspector. */
export function describeState(state: State, context: Context): StateWords {
  const why = (text: string | null): StateWords => ({
    why: text,
    countdownTo: null,
    isError: false,
  });
  if (state.cancelRequestedAt !== null && state.finishedAt === null) return why("Being stopped");
  switch (state.status) {
    case "PENDING":
      return why(waitsFor(state.unfinishedDependencies));
    case "SCHEDULED":
    case "RETRYING":
      return describeWaiting(state, context);
    case "PAUSED":
      return why(context.runPaused ? "The run is paused" : "Paused by a person");
    case "FAILED":
    case "TIMEOUT":
      return failureOf(state);
    case "CANCELLED":
      return why(describeCancelled(state, context.causeName));
    case "PREPARING":
    case "RUNNING":
    case "COMPLETED":
      return why(null);
  }
}

function describeWaiting(state: State, context: Context): StateWords {
  const { system, now } = context;
  const waits = { countdownTo: null, isError: false };
  if (context.runPaused) return { ...waits, why: "The run is paused" };
  if (Date.parse(state.dueAt) > now) {
    const error = state.status === "RETRYING" ? state.errorMessage : null;
    return { why: error, countdownTo: state.dueAt, isError: error !== null };
  }
  if (system?.workersAlive === 0) return { ...waits, why: "No worker is alive" };
  const blocking = system && findBlockingBreaker(system);
  if (blocking) return describeBlocked(blocking);
  if (system && system.slotsUsed >= system.slots)
    return { ...waits, why: `All ${system.slots} slots are taken` };
  // A worker with a free slot would have taken it, had its pool one as well.
  if (context.pool != null) return { ...waits, why: `Waits for the pool “${context.pool}”` };
  return { ...waits, why: isClaimable(state.status) ? "In the queue" : null };
}

/** What matters comes first: an engine's address can be longer than a node. */
function describeBlocked({ engine, state, halfOpenAt }: BreakerStanding): StateWords {
  return {
    why: `Circuit breaker ${state}: waits for the engine ${engine}`,
    countdownTo: state === "open" ? halfOpenAt : null,
    isError: false,
  };
}

function failureOf(state: State): StateWords {
  const why = state.errorMessage ?? (state.reason === null ? null : describeReason(state.reason));
  return { why, countdownTo: null, isError: true };
}

function describeCancelled(state: State, causeName: string | undefined): string | null {
  if (state.reason === null) return null;
  if (state.reason === "upstream_failed" && causeName !== undefined)
    return `Because ${causeName} did not complete`;
  return describeReason(state.reason);
}

function waitsFor(count: number): string {
  return count === 1 ? "Waits for 1 task" : `Waits for ${count} tasks`;
}

/** "2/4" while within the budget of retries; the bare number once a person has asked for more. */
export function attemptOfBudget(attempt: number, maxRetries: number): string | null {
  if (attempt === 0) return null;
  const budget = maxRetries + 1;
  return attempt > budget ? `${attempt}` : `${attempt}/${budget}`;
}
