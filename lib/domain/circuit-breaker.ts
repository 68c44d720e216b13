import type { AttemptEnd } from "./ending";
import type { ErrorClass } from "./failure";

/** When a breaker opens, and how it finds out that its engine works again. */
export type BreakerPolicy = {
  /** So many failures within the window open it. */
  failures: number;
  windowSeconds: number;
  /** From its opening, and from each failed probe, until probes are let through. */
  cooldownSeconds: number;
  /** Probes at once, of all workers of the engine together. */
  probes: number;
};

export const defaultBreakerPolicy: BreakerPolicy = {
  failures: 5,
  windowSeconds: 60,
  cooldownSeconds: 30,
  probes: 2,
};

/** `open` lets nothing through, `half-open` a counted number of probes. */
export const breakerStates = ["closed", "open", "half-open"] as const;

export type BreakerState = (typeof breakerStates)[number];

/** The circuit breaker in front of one engine. Times in milliseconds, by the database's clock. */
export type Breaker = {
  /** Failures that may still open it; none once it is open. */
  failures: readonly number[];
  /** Since when it is not closed; whatever was claimed later is a probe. */
  openedAt: number | null;
  /** From when on probes are let through; null while it is closed. */
  halfOpenAt: number | null;
  /** When it was closed the last time. */
  closedAt: number | null;
  /** As the policy was when it opened, so that all who ask come to the same answer. */
  cooldownSeconds: number;
  probeLimit: number;
};

/** A probe that a worker holds; `startedAt` is null until its command runs. */
export type Probe = { startedAt: number | null };

/** How the breaker of an engine stands at a moment, as it travels, and what the engine's workers could take. */
export type BreakerStanding = {
  /** What a runner talks to: an address, or "process@host" and "dagger@host" for what a host provides by itself. */
  engine: string;
  state: BreakerState;
  /** From when on probes are let through; null while it is closed. */
  halfOpenAt: string | null;
  probesInFlight: number;
  probeLimit: number;
  /** How many executions it lets through now; null when it does not stand in the way. */
  letsThrough: number | null;
  /** Workers alive that talk to this engine, and their slots. */
  workers: number;
  slots: number;
  slotsUsed: number;
};

/** A breaker that nothing has happened to. */
export function newBreaker(policy: BreakerPolicy): Breaker {
  return {
    failures: [],
    openedAt: null,
    halfOpenAt: null,
    closedAt: null,
    cooldownSeconds: policy.cooldownSeconds,
    probeLimit: policy.probes,
  };
}

/** It is half-open as soon as its time has come: nobody has to write that down, so nobody can forget to. */
export function stateOfBreaker(
  { halfOpenAt }: Pick<Breaker, "halfOpenAt">,
  now: number,
): BreakerState {
  if (halfOpenAt === null) return "closed";
  return now < halfOpenAt ? "open" : "half-open";
}

/**
 * After an attempt was lost to the engine. Work from before the last closing, or from before the opening, tells nothing new:
 * a broken engine may be noticed minutes late.
 */
export function recordFailure(
  breaker: Breaker,
  { now, claimedAt, policy }: { now: number; claimedAt: number; policy: BreakerPolicy },
): Breaker {
  const { openedAt } = breaker;
  if (openedAt !== null) {
    const tells = isProbe(breaker, claimedAt) && stateOfBreaker(breaker, now) === "half-open";
    return tells ? open(breaker, { openedAt, now, policy }) : breaker;
  }
  if (breaker.closedAt !== null && claimedAt < breaker.closedAt) return breaker;
  const since = now - policy.windowSeconds * 1000;
  const failures = [...breaker.failures.filter((at) => at >= since), now];
  if (failures.length < policy.failures) return { ...breaker, failures };
  return open(breaker, { openedAt: now, now, policy });
}

/** After the engine has done its part for an attempt: closes the breaker when the attempt was a probe. */
export function recordProof(
  breaker: Breaker,
  { now, claimedAt }: { now: number; claimedAt: number },
): Breaker {
  return isProbe(breaker, claimedAt) ? closeBreaker(breaker, now) : breaker;
}

function isProbe({ openedAt }: Breaker, claimedAt: number): boolean {
  return openedAt !== null && claimedAt > openedAt;
}

/** Opens it, whatever its state. What is claimed already is no probe of this opening. */
export function openBreaker(
  breaker: Breaker,
  { now, policy }: { now: number; policy: BreakerPolicy },
): Breaker {
  return open(breaker, { openedAt: now, now, policy });
}

/** Closes it and forgets its failures. */
export function closeBreaker(breaker: Breaker, now: number): Breaker {
  return { ...breaker, failures: [], openedAt: null, halfOpenAt: null, closedAt: now };
}

/**
 * Whether a probe has been running for as long as the cooldown: the engine does its part, and the other executions need not
 * wait for the end of a long task.
 */
export function isProven(breaker: Breaker, probes: readonly Probe[], now: number): boolean {
  if (stateOfBreaker(breaker, now) !== "half-open") return false;
  const since = now - breaker.cooldownSeconds * 1000;
  return probes.some(({ startedAt }) => startedAt !== null && startedAt <= since);
}

/** How many executions it lets through now, with these probes held; Infinity when it does not stand in the way. */
export function countLetThrough(breaker: Breaker, probes: readonly Probe[], now: number): number {
  const state = stateOfBreaker(breaker, now);
  if (state === "closed" || isProven(breaker, probes, now)) return Number.POSITIVE_INFINITY;
  return state === "open" ? 0 : Math.max(0, breaker.probeLimit - probes.length);
}

/**
 * Whether a loss is the breaker's and not the execution's, so that it does not count towards those in a row: the breaker is
 * not closed. Unless it was closed since the execution's loss before: an engine that works for others and fails at this
 * execution again and again is not what is broken, and the execution must come to an end.
 */
export function isBreakersLoss(breaker: Breaker, lostBefore: number | null): boolean {
  if (breaker.openedAt === null) return false;
  const { closedAt } = breaker;
  return lostBefore === null || closedAt === null || closedAt <= lostBefore;
}

/** What the end of an attempt says of its engine; null when it says nothing, since the work may never have come to it. */
export function judgeEngine(
  end: AttemptEnd,
  { hasStarted }: { hasStarted: boolean },
): "failed" | "works" | null {
  if (end.kind === "failed" && end.failure.class === "infrastructure")
    return end.isEngineFault ? "failed" : null;
  if (hasStarted || end.kind === "completed") return "works";
  return end.kind === "failed" && ANSWERS.includes(end.failure.class) ? "works" : null;
}

/** Only an engine that works can tell these before a command has started. */
const ANSWERS: readonly ErrorClass[] = ["exit", "image", "command_not_found"];

function open(
  breaker: Breaker,
  { openedAt, now, policy }: { openedAt: number; now: number; policy: BreakerPolicy },
): Breaker {
  return {
    ...breaker,
    failures: [],
    openedAt,
    halfOpenAt: now + policy.cooldownSeconds * 1000,
    cooldownSeconds: policy.cooldownSeconds,
    probeLimit: policy.probes,
  };
}
