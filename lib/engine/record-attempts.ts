import { and, inArray, or, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { attempts } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { type BreakerPolicy, defaultBreakerPolicy } from "@/lib/domain/circuit-breaker";
import { type AttemptEnd, decideEnding, type Ending } from "@/lib/domain/ending";
import { isFinal } from "@/lib/domain/status";
import { type Completion, completeAttempts } from "./complete-attempts";
import { type Execution, lockExecutions, lockRuns, type Run } from "./locks";
import { pauseForRun } from "./pause-for-run";
import { reportToBreakers } from "./report-to-breakers";
import type { AttemptRef } from "./reported-attempts";
import { cancelDependents, releaseDependents } from "./settle-dependents";
import { type StartedAttempt, startAttempts } from "./start-attempts";
import { transact } from "./transaction";
import { applyTransitions, type Transition } from "./transition";

export type AttemptReport = AttemptRef & {
  /** Milliseconds since the command started, when that is to be recorded; null when it is recorded or it never did. */
  startedMsAgo: number | null;
  /** How it ended; null while it goes on. */
  end: AttemptEnd | null;
};

/**
 * What became of a report: `recorded` (now, or earlier by the same token, when the answer to its COMMIT was lost), or
 * `lost`: somebody else holds the execution, and the reporter must stop its work.
 */
export type ReportAnswer = { executionId: string; answer: "recorded" | "lost" };

type Input = { reports: readonly AttemptReport[]; actor: Actor; breakerPolicy?: BreakerPolicy };

/**
 * Records what a worker reports of its attempts: statuses, results, retries, the release or the end of dependents, and the
 * runs. Starts and completions take one statement each; `recordOthers` is for what these left. A report whose token no
 * longer holds changes nothing.
 */
export async function recordAttempts(db: Db, input: Input): Promise<ReportAnswer[]> {
  const { reports, actor } = input;
  const recorded = await recordOrdinary(reports, {
    start: (attempts) => startAttempts(db, { attempts, actor }),
    complete: async (attempts) =>
      (await completeAttempts(db, { attempts, actor, claim: null })).executionIds,
  });
  const others = reports.filter((report) => !recorded.has(report.executionId));
  const answers = await recordOthers(db, { ...input, reports: others });
  return reports.map(
    ({ executionId }) =>
      answers.find((answer) => answer.executionId === executionId) ?? {
        executionId,
        answer: "recorded",
      },
  );
}

/**
 * Records starts, and ends that completed in the ordinary course; returns the ids of the executions that are done with, as
 * both ways of recording do.
 */
export async function recordOrdinary(
  reports: readonly AttemptReport[],
  ways: {
    start: (attempts: StartedAttempt[]) => Promise<Set<string>>;
    complete: (attempts: Completion[]) => Promise<Set<string>>;
  },
): Promise<Set<string>> {
  const starts: StartedAttempt[] = [];
  const completions: Completion[] = [];
  for (const report of reports) {
    const { executionId, runId, attempt, leaseToken, isProbe, startedMsAgo, end } = report;
    // A probe's end decides about a circuit breaker, under its lock.
    if (end?.kind === "completed" && !isProbe) {
      const { result } = end;
      completions.push({ executionId, runId, attempt, leaseToken, isProbe, startedMsAgo, result });
    } else if (startedMsAgo !== null)
      starts.push({ executionId, runId, attempt, leaseToken, isProbe, startedMsAgo });
  }
  // Different attempts, so neither has to wait for the other.
  const [started, completed] = await Promise.all([
    starts.length > 0 ? ways.start(starts) : new Set<string>(),
    completions.length > 0 ? ways.complete(completions) : new Set<string>(),
  ]);
  const isDone = ({ executionId, end }: AttemptReport) =>
    completed.has(executionId) || (end === null && started.has(executionId));
  return new Set(reports.filter(isDone).map(({ executionId }) => executionId));
}

/** Every other end, decided here under the locks of the runs and of the executions, in one transaction. */
export async function recordOthers(db: Db, input: Input): Promise<ReportAnswer[]> {
  const { reports, actor, breakerPolicy = defaultBreakerPolicy } = input;
  if (reports.length === 0) return [];
  return transact(db, async (tx) => {
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
    const ends = endsOf(valid, held);
    const breakersLosses = await reportToBreakers(tx, { ends, policy: breakerPolicy, actor });
    await endAttempts(tx, { ends, breakersLosses, runs, actor });
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

export type EndedAttempt = { execution: Execution; end: AttemptEnd };

function endsOf(reports: readonly AttemptReport[], held: Map<string, Execution>) {
  return reports.flatMap((report) => {
    const execution = held.get(report.executionId);
    const { end, isProbe } = report;
    return end && execution ? [{ execution, end, isProbe }] : [];
  });
}

/**
 * Ends attempts whose executions and runs are locked: decides what follows, writes it, and settles the dependents. Also
 * the sweep's way to end the attempts of dead workers.
 */
export async function endAttempts(
  tx: Db,
  input: {
    ends: readonly EndedAttempt[];
    /** Executions whose attempt was lost to an engine whose circuit breaker stands open. */
    breakersLosses?: ReadonlySet<string>;
    runs: Map<string, Run>;
    actor: Actor;
  },
): Promise<void> {
  const { runs, actor, breakersLosses } = input;
  if (input.ends.length === 0) return;
  const decided = input.ends.map(({ execution, end }) => ({
    execution,
    ...decide(execution, end, { isBreakersLoss: breakersLosses?.has(execution.id) ?? false }),
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

function decide(
  execution: Execution,
  end: AttemptEnd,
  { isBreakersLoss }: { isBreakersLoss: boolean },
): Ending {
  return decideEnding({
    isBreakersLoss,
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
