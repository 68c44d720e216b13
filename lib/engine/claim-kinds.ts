import { type SQL, sql } from "drizzle-orm";

export type ClaimInput = {
  workerId: string;
  runner: string;
  /** Whose circuit breaker must be closed; null when the caller has looked at it. */
  engine: string | null;
  limit: number;
  fairSlots: number;
  starvationBoundSeconds: number;
  leaseSeconds: number;
  /** Something in a pool was due at the last claim: a statement that does not look at pools would take nothing. */
  looksAtPools?: boolean;
  /** Nothing is known to wait: a completion that claims looks only at what it releases itself. */
  onlyReleased?: boolean;
};

/** The values of a statement that claims. */
export type ClaimValue =
  | "workerId"
  | "runner"
  | "engine"
  | "limit"
  | "fairSlots"
  | "starvationBoundSeconds"
  | "leaseSeconds";

/** A claim as the parts of its statement know it. */
export type ClaimParts = Record<Exclude<ClaimValue, "fairSlots">, SQL> & {
  /** Null to take nothing before its turn. */
  fairSlots: SQL | null;
} & Omit<ClaimKind, "hasFairSlots">;

/** Each kind of claim has a statement of its own, which is the shorter the less it looks at. */
export type ClaimKind = { hasFairSlots: boolean; looksAtPools: boolean; onlyReleased?: boolean };

export function claimParts(
  value: (name: ClaimValue) => SQL,
  { hasFairSlots, ...kind }: ClaimKind,
): ClaimParts {
  return {
    workerId: sql`${value("workerId")}::uuid`,
    runner: value("runner"),
    engine: value("engine"),
    limit: sql`${value("limit")}::int`,
    fairSlots: hasFairSlots ? sql`${value("fairSlots")}::int` : null,
    starvationBoundSeconds: value("starvationBoundSeconds"),
    leaseSeconds: value("leaseSeconds"),
    ...kind,
  };
}

export function claimValues(input: ClaimInput): Record<ClaimValue, string | number | null> {
  const { workerId, runner, engine, limit, fairSlots, starvationBoundSeconds, leaseSeconds } =
    input;
  return { workerId, runner, engine, limit, fairSlots, starvationBoundSeconds, leaseSeconds };
}

/** One statement for each kind of claim, made on first use. */
export function forEachKind<T>(make: (kind: ClaimKind) => T): (input: ClaimInput) => T {
  const made = new Map<string, T>();
  return ({ fairSlots, looksAtPools = false, onlyReleased = false }) => {
    const kind = { hasFairSlots: fairSlots > 0, looksAtPools, onlyReleased };
    const key = JSON.stringify(kind);
    const known = made.get(key) ?? make(kind);
    made.set(key, known);
    return known;
  };
}
