import { watchCpuPressure } from "./cpu-pressure";
import { MemorySamples } from "./memory";
import type { WorkerLog } from "./worker-log";

/** Something that must never be, and was seen. */
export type Violation = {
  /** Which rule, in words or by the name of its invariant. */
  rule: string;
  /** Minute in which it was seen. */
  minute: number;
  count: number;
  /** Ids of what it was seen on. */
  sample: string[];
  /** What helps to understand it. */
  evidence: string;
};

/** A time in which something was done to a worker. */
export type Window = { workerId: string; from: Date; to: Date };

/** A process that was there although its attempt, or its worker, had ended seconds ago. */
export type Survivor = {
  executionId: string;
  attempt: number;
  workerId: string | null;
  at: Date;
  what: string;
};

/** `isBusy`: the machine was too busy afterwards to tell how soon work goes on. */
export type Crash = { variant: string; at: Date; upAt: Date; isBusy: boolean };

type Counted =
  | "workers with a right clock"
  | "worker starts that failed"
  | "workers with a wrong clock"
  | "clock jumps"
  | "stale reports"
  | "drains"
  | "black holes"
  | "resets"
  | "slow links"
  | "disturbances"
  | "pools resized"
  | "breakers tripped"
  | "submissions repeated"
  | "cancels that came too late"
  | "retries"
  | "pauses"
  | "nobody to hit"
  | "process checks";

/** What the soak itself did and saw; together with the rows it makes the report. */
export class Journal {
  readonly startedAt = new Date();
  readonly violations: Violation[] = [];
  /** What could not be done here, in sentences. */
  readonly skipped: string[] = [];
  readonly accepted: { runId: string; executionIds: string[] }[] = [];
  readonly cancelled: { executionId: string; at: Date }[] = [];
  readonly kills: { workerId: string; at: Date }[] = [];
  readonly stops: Window[] = [];
  /** Times in which a worker could not run, whoever kept it from it; they hold the stops too. */
  readonly stalls: Window[] = [];
  /** Processes that should have been gone. */
  readonly survivors: Survivor[] = [];
  readonly crashes: Crash[] = [];
  readonly fullDisks: { at: Date; upAt: Date }[] = [];
  readonly lostCommits: { workerId: string; at: Date; ids: string[] }[] = [];
  readonly logs = new Map<string, WorkerLog>();
  readonly failedStarts: string[] = [];
  readonly memory = new MemorySamples();
  readonly cpuPressure = watchCpuPressure();
  /** How long workers took from the start of their process to their first claim, in milliseconds. */
  readonly startMs: number[] = [];
  readonly #counts = new Map<Counted, number>();

  count(what: Counted, n = 1): void {
    this.#counts.set(what, this.counted(what) + n);
  }

  counted(what: Counted): number {
    return this.#counts.get(what) ?? 0;
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Notes what one check found; a later check of the same rule finds the same again. */
  addFound({ rule, count, sample, evidence }: Omit<Violation, "minute">): void {
    const known = this.violations.find((violation) => violation.rule === rule);
    if (known) known.count = Math.max(known.count, count);
    else this.violations.push({ rule, minute: this.minute(), count, sample, evidence });
  }

  /** Notes one more case of a violation. */
  violate(rule: string, id: string, evidence: string): void {
    const known = this.violations.find((violation) => violation.rule === rule);
    if (known) known.count++;
    else this.violations.push({ rule, minute: this.minute(), count: 1, sample: [id], evidence });
  }

  noteFailedStart(error: unknown): void {
    this.count("worker starts that failed");
    this.failedStarts.push(explain(error).slice(-1500));
  }

  /** Does something that the product must not refuse; when it fails all the same, that is a violation. */
  async mustSucceed(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.violate(`${what} failed`, "", explain(error));
    }
  }

  /** Minutes since the start, from 0. */
  minute(): number {
    return Math.floor((Date.now() - this.startedAt.getTime()) / 60_000);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause
    ? `${error.stack}\ncaused by ${explain(error.cause)}`
    : (error.stack ?? error.message);
}
