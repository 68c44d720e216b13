import type { Bound, Figures } from "./count-figures";
import type { Journal, Violation } from "./journal";
import { type MemoryFigures, measureMemory } from "./memory";
import type { SoakOptions } from "./soak-options";
import { type Figure, targetOf } from "./targets";

/** All that a soak has to tell. */
export type Report = {
  seed: number;
  minutes: number;
  workers: number;
  faults: string[];
  /** Same digest, same plan of faults and graphs. */
  plan: string;
  /** The signal that ended it before its time; null when it ran to its end. */
  endedBy: string | null;
  tookSeconds: number;
  rows: ReportRow[];
  bounds: Bound[];
  /** Of the workers that lived longest. */
  memory: MemoryFigures;
  alsoDone: Record<string, number>;
  violations: Violation[];
  skipped: string[];
  /** What the last workers said that did not start; the database may have been away at that moment. */
  failedStarts: string[];
  /** Figures that stayed below what this time must reach, as sentences. */
  short: string[];
};

/** One figure: what was done, how often, and what must not have come of it. */
type ReportRow = {
  done: string;
  count: number;
  /** How often it must have been done; 0 where it was not asked for. */
  target: number;
  outcome: string;
  countedFrom: string;
};

/** Makes the report of what was counted. */
export function makeReport(input: {
  options: SoakOptions;
  plan: string;
  endedBy: string | null;
  journal: Journal;
  figures: Figures;
  bounds: Bound[];
  diamonds: { finished: number; released: number };
}): Report {
  const { options, journal, figures, bounds } = input;
  const rows = makeRows(input);
  const short = rows
    .filter(({ count, target }) => count < target)
    .map(({ done, count, target }) => `${done}: ${count}, but ${target} are needed.`);
  return {
    seed: options.seed,
    minutes: options.minutes,
    workers: options.workers,
    faults: [...options.faults],
    plan: input.plan,
    endedBy: input.endedBy,
    tookSeconds: Math.round((Date.now() - journal.startedAt.getTime()) / 1000),
    rows,
    bounds,
    memory: measureMemory(journal.memory),
    alsoDone: countRest(journal, figures),
    violations: journal.violations,
    skipped: journal.skipped,
    failedStarts: journal.failedStarts.slice(-3),
    short,
  };
}

function makeRows(input: Parameters<typeof makeReport>[0]): ReportRow[] {
  const { options, journal, figures, bounds, diamonds } = input;
  const seen = (...rules: string[]) =>
    journal.violations
      .filter(({ rule }) => rules.some((each) => rule.startsWith(each)))
      .reduce((sum, { count }) => sum + count, 0);
  const lost = seen("an accepted execution is lost", "I01");
  const twice = seen("a result is recorded", "a result is that", "I07");
  const order = seen("a command began before", "I09", "I10");
  const row = (
    figure: Figure,
    count: number,
    rest: Pick<ReportRow, "done" | "outcome" | "countedFrom">,
  ) => ({
    ...rest,
    count,
    target: targetOf(figure, options),
  });
  const refused = [...journal.logs.values()].reduce((n, log) => n + log.refusedReports.length, 0);
  const judged = journal.crashes.filter(({ isBusy }) => !isBusy).length;
  const resume = bounds.find(({ what }) => what.startsWith("from PostgreSQL's answering"));
  return [
    {
      done: "execution accepted",
      count: figures.accepted,
      target: 0,
      outcome: `${lost} lost, ${twice} recorded twice or wrongly, ${order} order violations`,
      countedFrom:
        "submissions against executions; COMPLETED events and attempts; the commands' own ledger against dependencies",
    },
    row("kills", figures.kills, {
      done: "kill -9 of a worker",
      outcome: `${lost} executions lost, ${twice} recorded twice or wrongly, ${order} order violations`,
      countedFrom: `workers that ended by the signal, ${figures.kills_at_work} of them with open attempts; the rest as above`,
    }),
    row("stops", figures.stops, {
      done: "SIGSTOP past the lease, then SIGCONT",
      outcome: `${seen("a result is that", "a result is recorded")} stale results recorded`,
      countedFrom: "results against the attempt that the command itself named, and the ledger",
    }),
    row("staleFinishes", figures.stale_finishes, {
      done: "stale finishes among these",
      outcome: `${figures.stale_recorded} recorded (${figures.recorded_by_a_token_that_held} more were recorded late, under a token that nobody had taken yet)`,
      countedFrom: `commands whose end is in the ledger while their worker was stopped and whose attempt the sweep had ended, against the results; in the whole soak ${refused} reports were refused by their token, as the workers' logs say`,
    }),
    row("crashes", figures.crashes, {
      done: "crash of PostgreSQL",
      outcome: `${lost} executions lost; next completion after ${resume?.p50 ?? "–"} ms (median), at most ${resume?.max ?? "–"} ms; ${seen("work did not go on")} of ${judged} beyond 10 s`,
      countedFrom: `from the first answer after the crash to the next COMPLETED attempt's end; ${journal.crashes.length - judged} are not judged, since others had the machine`,
    }),
    row("lostCommits", figures.lost_commits, {
      done: "lost answer to a COMMIT",
      outcome: `${seen("a second attempt")} second attempts`,
      countedFrom:
        "connections cut in that moment whose transaction completed attempts, as the rows show",
    }),
    row("cancels", figures.cancels, {
      done: "cancel at a random instant",
      outcome: `${seen("something changed after", "an accepted cancel", "a command began after it was", "I12")} later changes, ${seen("a process survived")} surviving processes`,
      countedFrom: `accepted cancels against events; processes by their environment, ${journal.counted("process checks")} looks`,
    }),
    {
      done: "claim from a pool",
      count: figures.pool_claims,
      target: 0,
      outcome: `${seen("I19")} beyond the slots; ${figures.pool_claims_of_last_slot} took the last slot; at most ${figures.most_held ?? "none"}`,
      countedFrom: "attempts' times, each minute and at the end",
    },
    row("diamonds", diamonds.finished, {
      done: "diamond whose two parents finish at once",
      outcome: `${diamonds.finished - diamonds.released} dependents lost`,
      countedFrom: "events PENDING to SCHEDULED of the last tasks, each exactly one",
    }),
  ].filter(({ count, target }) => count > 0 || target > 0);
}

function countRest(journal: Journal, figures: Figures): Record<string, number> {
  const sum = (of: (log: ReturnType<typeof journal.logs.get> & object) => number) =>
    [...journal.logs.values()].reduce((total, log) => total + of(log), 0);
  return {
    "runs accepted": journal.accepted.length,
    "executions accepted": figures.accepted,
    attempts: figures.attempts,
    "attempts lost": figures.lost_attempts,
    "executions cancelled by request": figures.cancelled_by_request,
    "executions retried by a person": figures.retried_by_a_person,
    "priority inversions over 1 s": figures.priority_inversions,
    "times a worker could not run for longer than its lease, without being stopped": figures.stalls,
    "fences of a worker": sum((log) => log.fences),
    "attempts given up by a fence": sum((log) => log.fencedAttempts),
    "errors in workers' logs": sum((log) => log.errors.length),
    "start of a worker, ms (median)": Math.round(median(journal.startMs)),
    "time in which something waited for a processor, %": journal.cpuPressure() ?? Number.NaN,
    "full disks": journal.fullDisks.length,
    ...journal.counts(),
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
