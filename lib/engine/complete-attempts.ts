import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import type { Result } from "@/lib/domain/result";
import type { ClaimInput } from "./claim-kinds";
import { type Claim, readClaim } from "./claim-statement";
import { completeStatement } from "./complete-statement";
import { noteEndings } from "./endings";
import type { ReportedAttempt } from "./reported-attempts";

/** The end of an attempt that completed. */
export type Completion = ReportedAttempt & { result: Result };

/** The ids of the executions that were completed, and what was claimed along with them. */
export type Completed = { executionIds: Set<string>; claim: Claim };

/**
 * Records completions, the hot path of a busy worker: results, history, the release of dependents and the runs in one
 * statement and one round trip. With `claim` the same statement fills the slots that become free, dependents that it
 * releases included: a link of a chain costs one commit.
 *
 * It takes only the ordinary case, and leaves the rest to recordAttempts: a token that no longer holds, a cancel that was
 * requested, a run that is paused.
 */
export async function completeAttempts(
  db: Db,
  input: { attempts: readonly Completion[]; actor: Actor; claim: ClaimInput | null },
): Promise<Completed> {
  const { attempts, actor, claim } = input;
  const statement = completeStatement({ attempts, actor, claim: claim ?? nothing });
  const answer = await db.execute<CompletedRow>(statement);
  const [row] = answer;
  const executionIds = new Set(row?.completed ?? []);
  noteEndings(db, () => ({
    actor,
    attempts: attempts
      .filter(({ executionId }) => executionIds.has(executionId))
      .map(({ executionId, attempt }) => ({ executionId, attempt, outcome: "COMPLETED" })),
    runIds: row?.ended_runs ?? [],
  }));
  return { executionIds, claim: readClaim(answer) };
}

type CompletedRow = { completed: string[] | null; ended_runs: string[] | null };

/** A claim for no slot. */
const nothing: ClaimInput = {
  workerId: "00000000-0000-0000-0000-000000000000",
  runner: "",
  engine: null,
  limit: 0,
  fairSlots: 0,
  starvationBoundSeconds: 0,
  leaseSeconds: 0,
  onlyReleased: true,
};
