import type { RunTogether, Settled } from "@/lib/db/run-together";
import type { Actor } from "@/lib/domain/actor";
import { claimStatement } from "./claim-executions";
import { type Claim, type ClaimInput, readClaim } from "./claim-statement";
import { type Completion, completeStatement, readCompleted } from "./complete-attempts";

/**
 * Records completions and claims for the slots they free, dependents that they release included, in one transaction and one
 * round trip: a link of a chain costs one commit instead of two. Other workers are woken only when it could not take all
 * that was ready. Returns the ids of the executions that were completed and the claim, or why either failed: when the
 * connection breaks, one may be done and not the other.
 */
export async function completeAndClaim(
  run: RunTogether,
  input: { attempts: readonly Completion[]; actor: Actor; claim: ClaimInput },
): Promise<{ completed: Outcome<Set<string>>; claimed: Outcome<Claim> }> {
  const [completed = NOT_ANSWERED, claimed = NOT_ANSWERED] = await run([
    completeStatement({ ...input, wakesWorkers: false }),
    claimStatement({ ...input.claim, announcesRest: true }),
  ]);
  return {
    completed: mapValue(completed, (rows) => readCompleted(rows, { ...input, tx: null })),
    claimed: mapValue(claimed, readClaim),
  };
}

type Outcome<T> = PromiseSettledResult<T>;

const NOT_ANSWERED: Settled = { status: "rejected", reason: new Error("not answered") };

function mapValue<T>(settled: Settled, read: (rows: readonly unknown[]) => T): Outcome<T> {
  return settled.status === "rejected" ? settled : { ...settled, value: read(settled.value) };
}
