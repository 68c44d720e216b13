import { v7 as uuidv7 } from "uuid";
import type { Db } from "@/lib/db/database";
import type { AttemptEnd } from "@/lib/domain/ending";
import { type ClaimedExecution, claimExecutions } from "@/lib/engine/claim-executions";
import { extendLeases } from "@/lib/engine/extend-leases";
import { type AttemptReport, recordAttempts } from "@/lib/engine/record-attempts";
import { registerWorker } from "@/lib/engine/register-worker";
import { rescueExecutions } from "@/lib/engine/rescue-executions";
import { TEST_ENGINE } from "@/lib/testing/engine-factories";
import { elementAt, type Random, wholeBetween } from "@/lib/testing/random";

/** Where a fault may strike: right before or right after a call of the engine. */
export type FaultPoint =
  `${"before" | "after"} ${"claim" | "start" | "end" | "heartbeat" | "sweep"}`;

/** Thrown where a fault strikes: what follows in the step does not happen. */
export class Struck extends Error {}

type Attempt = { claimed: ClaimedExecution; started: boolean; end: AttemptEnd | null };

/** Reports that were refused since somebody else had the execution by then. */
export type Tally = { refused: number };

/** A worker without a process: its memory, and the calls that a real one makes, a step at a time. */
export class SimulatedWorker {
  readonly #db: Db;
  readonly #random: Random;
  readonly #strike: (point: FaultPoint) => void;
  readonly #tally: Tally;
  #workerId = uuidv7();
  #isRegistered = false;
  #attempts: Attempt[] = [];

  constructor(options: {
    db: Db;
    random: Random;
    /** Throws Struck when a fault is to strike there. */
    strike: (point: FaultPoint) => void;
    tally: Tally;
  }) {
    this.#db = options.db;
    this.#random = options.random;
    this.#strike = options.strike;
    this.#tally = options.tally;
  }

  /** A new process in place of the old one: nothing is remembered. */
  restart(): void {
    this.#workerId = uuidv7();
    this.#isRegistered = false;
    this.#attempts = [];
  }

  async claim(): Promise<void> {
    if (!this.#isRegistered) await this.#register();
    this.#strike("before claim");
    const { executions } = await claimExecutions(this.#db, {
      workerId: this.#workerId,
      runner: "process",
      engine: TEST_ENGINE,
      limit: wholeBetween(this.#random, 1, 4),
      fairSlots: wholeBetween(this.#random, 0, 1),
      starvationBoundSeconds: 600,
      leaseSeconds: 30,
    });
    this.#strike("after claim");
    for (const claimed of executions) this.#attempts.push({ claimed, started: false, end: null });
  }

  async start(): Promise<void> {
    const attempt = this.#pick(({ started, end }) => !started && !end);
    if (!attempt) return;
    this.#strike("before start");
    await this.#report([{ ...attempt.claimed, startedMsAgo: 1, end: null }]);
    this.#strike("after start");
    attempt.started = true;
  }

  /** Ends one to three attempts together. An end that was struck is reported again, the same, as a real worker does. */
  async end(): Promise<void> {
    const ending: Attempt[] = [];
    for (let i = wholeBetween(this.#random, 1, 3); i > 0; i--) {
      const attempt = this.#pick((each) => !ending.includes(each));
      if (!attempt) break;
      attempt.end ??= this.#chooseEnd(attempt.claimed);
      ending.push(attempt);
    }
    if (ending.length === 0) return;
    this.#strike("before end");
    const reports = ending.map(({ claimed, started, end }) => ({
      ...claimed,
      startedMsAgo: started ? null : 1,
      end,
    }));
    await this.#report(reports);
    this.#strike("after end");
    this.#attempts = this.#attempts.filter((each) => !ending.includes(each));
  }

  async heartbeat(): Promise<void> {
    this.#strike("before heartbeat");
    const leases = this.#attempts.map(({ claimed }) => claimed);
    const answer = await extendLeases(this.#db, {
      workerId: this.#workerId,
      leases,
      leaseSeconds: 30,
    });
    this.#strike("after heartbeat");
    const lost = new Set(answer.leases.filter((a) => a.state === "lost").map((a) => a.leaseToken));
    this.#attempts = this.#attempts.filter(({ claimed }) => !lost.has(claimed.leaseToken));
    const end = { kind: "released" } as const;
    await this.#report(answer.strays.map((stray) => ({ ...stray, startedMsAgo: null, end })));
  }

  async sweep(): Promise<void> {
    this.#strike("before sweep");
    await rescueExecutions(this.#db, { overdueSeconds: 40, actorId: this.#workerId });
    this.#strike("after sweep");
  }

  /** Ends everything it holds well. */
  async finish(): Promise<void> {
    for (const attempt of this.#attempts) attempt.end ??= completedBy(attempt.claimed);
    await this.#report(
      this.#attempts.map(({ claimed, started, end }) => ({
        ...claimed,
        startedMsAgo: started ? null : 1,
        end,
      })),
    );
    this.#attempts = [];
  }

  async #register(): Promise<void> {
    await registerWorker(this.#db, {
      id: this.#workerId,
      name: "simulated",
      runner: "process",
      runnerDescription: "none",
      maxConcurrentExecutions: 10,
    });
    this.#isRegistered = true;
  }

  async #report(reports: AttemptReport[]): Promise<void> {
    const actor = { type: "worker", id: this.#workerId } as const;
    const answers = await recordAttempts(this.#db, { reports, actor });
    this.#tally.refused += answers.filter(({ answer }) => answer === "lost").length;
  }

  #pick(matches: (attempt: Attempt) => boolean): Attempt | undefined {
    return elementAt(this.#attempts.filter(matches), this.#random());
  }

  #chooseEnd(claimed: ClaimedExecution): AttemptEnd {
    const failure = { message: "simulated", exitCode: null, signal: null };
    const share = this.#random();
    if (share < 0.6) return completedBy(claimed);
    if (share < 0.75)
      return { kind: "failed", failure: { ...failure, class: "exit", exitCode: 1 } };
    if (share < 0.82) return { kind: "failed", failure: { ...failure, class: "timeout" } };
    if (share < 0.9) return { kind: "failed", failure: { ...failure, class: "infrastructure" } };
    return share < 0.95 ? { kind: "released" } : { kind: "cancelled" };
  }
}

/** A completion whose result says which attempt it is of. */
function completedBy({ leaseToken }: ClaimedExecution): AttemptEnd {
  const outputs = { token: leaseToken };
  return {
    kind: "completed",
    result: { exitCode: 0, durationMs: 1, runner: "process", imageDigest: null, outputs },
  };
}
