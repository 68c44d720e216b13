import { and, inArray, or, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { attempts } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { type AttemptEnd, decideEnding, type Ending } from "@/lib/domain/ending";
import { isFinal } from "@/lib/domain/status";
import { type Execution, lockExecutions, lockRuns, type Run } from "./locks";
import { pauseForRun } from "./pause-for-run";
import { cancelDependents, releaseDependents } from "./settle-dependents";
import { transact } from "./transaction";
import { applyTransitions, type Transition } from "./transition";

/** Which attempt a report is about; the token proves that the reporter still holds it. */
type AttemptRef = {
  executionId: string;
  runId: string;
  attempt: number;
  leaseToken: string;
};

export type AttemptReport = AttemptRef &
  /** The command has started. */
  ({ kind: "started" } | { kind: "ended"; end: AttemptEnd });

/**
 * What became of a report: `recorded` (now, or earlier by the same token, when the answer to its COMMIT was lost), or
 * `lost`: somebody else holds the execution, and the reporter must stop its work.
 */
export type ReportAnswer = { executionId: string; answer: "recorded" | "lost" };

/**
 * Records what a worker reports of its attempts, all in one transaction: statuses, results, retries, the release or the
 * end of dependents, and the runs. A report whose token no longer holds changes nothing.
 */
export async function recordAttempts(
  db: Db,
  input: { reports: readonly AttemptReport[]; actor: Actor },
): Promise<ReportAnswer[]> {
  return transact(db, async (tx) => {
    const { reports, actor } = input;
    const runs = await lockRuns(
      tx,
      reports.map(({ runId }) => runId),
    );
    const locked = await lockExecutions(
      tx,
      reports.map(({ executionId }) => executionId),
    );
    const held = new Map(locked.map((execution) => [execution.id, execution]));
    const valid = reports.filter((r) => held.get(r.executionId)?.leaseToken === r.leaseToken);

    await recordStarts(tx, { reports: valid, held, runs, actor });
    await endAttempts(tx, { ends: endsOf(valid, held), runs, actor });

    const known = await findOwnEarlierReports(
      tx,
      reports.filter((r) => !valid.includes(r)),
    );
    return reports.map((report) => ({
      executionId: report.executionId,
      answer: valid.includes(report) || known.has(report.leaseToken) ? "recorded" : "lost",
    }));
  });
}

async function recordStarts(
  tx: Db,
  input: {
    reports: readonly AttemptReport[];
    held: Map<string, Execution>;
    runs: Map<string, Run>;
    actor: Actor;
  },
): Promise<void> {
  // A repeated report finds the execution RUNNING already.
  const started = input.reports
    .filter((r) => r.kind === "started")
    .flatMap((r) => input.held.get(r.executionId) ?? [])
    .filter(({ status }) => status === "PREPARING");
  const transitions = started.map((execution): Transition => ({ execution, to: "RUNNING" }));
  await applyTransitions(tx, { ...input, transitions });
  for (const execution of started) execution.status = "RUNNING";
}

type EndedAttempt = { execution: Execution; end: AttemptEnd };

function endsOf(reports: readonly AttemptReport[], held: Map<string, Execution>): EndedAttempt[] {
  return reports.flatMap((report) => {
    const execution = held.get(report.executionId);
    return report.kind === "ended" && execution ? [{ execution, end: report.end }] : [];
  });
}

/**
 * Ends attempts whose executions and runs are locked: decides what follows, writes it, and settles the dependents. Also
 * the sweep's way to end the attempts of dead workers.
 */
export async function endAttempts(
  tx: Db,
  input: { ends: readonly EndedAttempt[]; runs: Map<string, Run>; actor: Actor },
): Promise<void> {
  const { runs, actor } = input;
  if (input.ends.length === 0) return;
  const decided = input.ends.map(({ execution, end }) => ({
    execution,
    ...decide(execution, end),
  }));
  const transitions = decided.map(
    ({ execution, result, failure, ...ending }): Transition => ({
      ...ending,
      execution,
      result,
      failure,
    }),
  );
  await applyTransitions(tx, { runs, transitions, actor });
  const endedAs = (matches: (ending: Ending) => boolean) =>
    decided.filter(matches).map(({ execution }) => execution.id);
  await releaseDependents(tx, {
    runs,
    actor,
    completedIds: endedAs(({ to }) => to === "COMPLETED"),
  });
  await cancelDependents(tx, {
    runs,
    actor,
    endedIds: endedAs(({ to }) => isFinal(to) && to !== "COMPLETED"),
  });
  await pauseForRun(tx, { runs, actor });
}

function decide(execution: Execution, end: AttemptEnd): Ending {
  return decideEnding({
    policy: execution,
    end,
    cancelRequested: execution.cancelRequestedAt !== null,
    retriesUsed: execution.retriesUsed,
    lostInRow: execution.lostInRow,
    random: Math.random(),
  });
}

/** Tokens of attempts that have been recorded before: started and still or no longer going on, or ended by their worker. */
async function findOwnEarlierReports(
  tx: Db,
  reports: readonly AttemptReport[],
): Promise<Set<string>> {
  if (reports.length === 0) return new Set();
  const rows = await tx
    .select({ leaseToken: attempts.leaseToken })
    .from(attempts)
    .where(
      and(
        or(
          ...reports.map(
            (r) =>
              sql`(${attempts.executionId}, ${attempts.attempt}) = (${r.executionId}, ${r.attempt})`,
          ),
        ),
        inArray(
          attempts.leaseToken,
          reports.map((r) => r.leaseToken),
        ),
        inArray(attempts.outcome, ["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "RELEASED"]),
      ),
    );
  return new Set(rows.map((row) => row.leaseToken));
}
