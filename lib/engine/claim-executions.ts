import { sql } from "drizzle-orm";
import { compileStatement } from "@/lib/db/compile-statement";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { RunTogether } from "@/lib/db/run-together";
import {
  type ClaimInput,
  type ClaimKind,
  type ClaimValue,
  claimParts,
  claimValues,
  forEachKind,
} from "./claim-kinds";
import {
  allReadyRows,
  breakerOf,
  type Claim,
  mayTake,
  readClaim,
  readyRows,
  takeChosen,
} from "./claim-statement";
import { claimFromPools, dueInPools, oneByOne, openPools } from "./claim-with-pools";

export type { ClaimInput } from "./claim-kinds";
export type { Claim, ClaimedExecution } from "./claim-statement";

/**
 * Takes up to `limit` executions for a worker: strictly by priority, then due time, then id, over rows that are ready and
 * due and for which their pool, if they have one, has a free slot. Of the limit, `fairSlots` go first to whatever below
 * CRITICAL has waited longer than the starvation bound, oldest first, so that a stream of urgent work cannot hold back the
 * rest for ever.
 *
 * One statement, no round trip between choosing and taking, and a row is locked only if it is taken: SKIP LOCKED never makes
 * another worker pass over work that then stays behind. Ids go through arrays because the planner takes a LIMIT it does not
 * know for a tenth of the table, and would join by reading all of it. Pools cost it one look into executions_pool_queue_idx for
 * each priority; only when something is due there, it takes nothing, and a claim that looks at pools follows.
 *
 * While the circuit breaker of the worker's engine is not closed, nothing is taken: `claimProbes` is the way then, which
 * names no engine here since it has looked at the breaker itself.
 */
export async function claimExecutions(
  db: Db,
  input: ClaimInput,
  together: RunTogether = oneByOne(db),
): Promise<Claim> {
  const claimBy = async (each: ClaimInput) =>
    readClaim(await db.execute(statementOf(each)(claimValues(each))));
  let claim = await claimBy(input);
  // Perhaps all that is due there is in full pools: then the rest is taken as ever, without a lock on any pool.
  if (claim.pools === "needed" && !input.looksAtPools)
    claim = await claimBy({ ...input, looksAtPools: true });
  return claim.pools === "needed" ? claimFromPools(together, input) : claim;
}

const statementOf = forEachKind(claimStatement);

function claimStatement(kind: ClaimKind) {
  return compileStatement<ClaimValue>((value) => {
    const parts = claimParts(value, kind);
    return sql`${prepared}
      with recursive ${breakerOf(parts)},
      ${kind.looksAtPools ? openPools : dueInPools},
      ${readyRows({ ...parts, when: mayTake })},
      chosen as materialized (${allReadyRows(parts)}),
      ${takeChosen(parts)}`;
  });
}
