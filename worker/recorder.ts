import type { Logger } from "pino";
import { mayPass } from "@/lib/db/sql-state";
import type { Actor } from "@/lib/domain/actor";
import type { BreakerPolicy } from "@/lib/domain/circuit-breaker";
import type { AttemptEnd } from "@/lib/domain/ending";
import type { Claim } from "@/lib/engine/claim-executions";
import { type Completion, completeAttempts } from "@/lib/engine/complete-attempts";
import { type AttemptReport, recordOrdinary, recordOthers } from "@/lib/engine/record-attempts";
import type { AttemptRef } from "@/lib/engine/reported-attempts";
import { startAttempts } from "@/lib/engine/start-attempts";
import type { Ask } from "./claimer";
import type { WorkerMetrics } from "./metrics";
import type { WorkerDatabases } from "./worker-databases";

export type ReportResult = "recorded" | "lost";

/** What is to be written of one attempt. A start that is not yet on its way goes together with the end. */
type Pending = {
  ref: AttemptRef;
  /** When the command started, on the clock that no one sets; null when that needs no writing. */
  startedAt: number | null;
  end: AttemptEnd | null;
  resolvers: ((result: ReportResult) => void)[];
  /** The report was refused by the database and a failure stands in its place. */
  isReplaced: boolean;
};

const MAX_BATCH = 500;
/** While the database works on one batch, the next one may be on its way. */
const MAX_IN_FLIGHT = 2;
/** So many reports are worth two statements. */
const HALVED_FROM = 200;

/** Ways to hand the slots of completed attempts to the next ones. */
type SlotExchange = {
  /** The work of these attempts has ended; returns a claim to go along with their ends, or null. */
  ask: (leaseTokens: string[]) => Ask | null;
  take: (ask: Ask, claim: Claim) => void;
  drop: (ask: Ask) => void;
  /** Completions go without a claim, and one of its own at the same time. */
  isQueueDeep: () => boolean;
  /** Has the slots filled by a claim of its own: notifications may not be heard at present. */
  wake: () => void;
};

type Options = {
  databases: Pick<WorkerDatabases, "hot" | "exchange" | "ordinary">;
  actor: Actor;
  breakerPolicy: BreakerPolicy;
  /** Looked at before every write: a worker whose leases may have expired writes nothing. */
  isFenced: () => boolean;
  /** No other worker is known to live. */
  isAlone: () => boolean;
  exchange: SlotExchange;
  log: Logger;
  metrics: WorkerMetrics | null;
};

/**
 * Writes what attempts report. Reports of the same moment go together, and those that come while two batches are under way
 * wait for the next one, so a busy worker writes in batches and an idle one at once. While the database is away it tries
 * again until the answer is known; the lease token makes repeating harmless.
 */
export class Recorder {
  readonly #options: Options;
  /** By lease token, the oldest first. */
  #waiting = new Map<string, Pending>();
  /** Lease tokens of what is being written. */
  readonly #written = new Set<string>();
  /** The runs of each batch of completions that is under way. */
  readonly #runsUnderWay = new Set<ReadonlySet<string>>();
  #inFlight = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The command has started; resolves like `ended`. */
  started(attempt: AttemptRef): Promise<ReportResult> {
    return this.#report(attempt, { startedAt: performance.now(), end: null });
  }

  /** Resolves when the end is in the database, or when its attempt is no longer this worker's. */
  ended(attempt: AttemptRef, end: AttemptEnd): Promise<ReportResult> {
    return this.#report(attempt, { startedAt: null, end });
  }

  /** Gives up what could not be written; the sweep will find it. */
  close(): void {
    this.#isClosed = true;
  }

  #report(
    { executionId, runId, attempt, leaseToken, isProbe }: AttemptRef,
    { startedAt, end }: Pick<Pending, "startedAt" | "end">,
  ): Promise<ReportResult> {
    // Of what was claimed no more than this is copied from here on.
    const ref = { executionId, runId, attempt, leaseToken, isProbe };
    return new Promise((resolve) => {
      this.#wait({ ref, startedAt, end, resolvers: [resolve], isReplaced: false });
      this.#schedule();
    });
  }

  /** Puts a report with what waits of the same attempt: of two, one is its start and the other its end. */
  #wait(report: Pending): void {
    const { leaseToken } = report.ref;
    const other = this.#waiting.get(leaseToken);
    if (!other) {
      this.#waiting.set(leaseToken, report);
      return;
    }
    other.startedAt ??= report.startedAt;
    other.end = report.end ?? other.end;
    other.resolvers.push(...report.resolvers);
    other.isReplaced ||= report.isReplaced;
  }

  #schedule(): void {
    if (this.#timer || this.#waiting.size === 0 || this.#inFlight >= MAX_IN_FLIGHT) return;
    // After a failure one batch goes alone, and ever later.
    if (this.#failures > 0 && this.#inFlight > 0) return;
    const send = () => {
      this.#timer = null;
      void this.#send();
    };
    // An immediate lets the reports of the same moment gather.
    this.#timer =
      this.#failures === 0
        ? setImmediate(send)
        : setTimeout(send, Math.min(5000, 50 * 2 ** this.#failures));
  }

  async #send(): Promise<void> {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    if (this.#isClosed || this.#options.isFenced()) {
      for (const each of batch) answer(each, "lost");
    } else {
      this.#inFlight++;
      for (const { ref } of batch) this.#written.add(ref.leaseToken);
      this.#schedule();
      await this.#tryToWrite(batch);
      for (const { ref } of batch) this.#written.delete(ref.leaseToken);
      this.#inFlight--;
    }
    this.#schedule();
  }

  /**
   * The oldest that wait. The end of an attempt whose start is being written waits for that. The first of two halves has
   * whole runs, so that the other half need not wait for it.
   */
  #takeBatch(): Pending[] {
    const batch: Pending[] = [];
    const runs = new Set<string>();
    const runsBegin = this.#isHalved() ? this.#waiting.size / 2 : MAX_BATCH;
    for (const [token, pending] of this.#waiting) {
      if (batch.length === MAX_BATCH) break;
      const { runId } = pending.ref;
      if (this.#written.has(token) || (batch.length >= runsBegin && !runs.has(runId))) continue;
      batch.push(pending);
      runs.add(runId);
    }
    for (const { ref } of batch) this.#waiting.delete(ref.leaseToken);
    return batch;
  }

  /**
   * Nothing else is under way: two halves at the same time are done sooner. With other workers about they cost more than
   * they gain: the database is doing several things already.
   */
  #isHalved(): boolean {
    const { exchange, isAlone } = this.#options;
    const isIdle = this.#inFlight === 0 && !exchange.isQueueDeep() && isAlone();
    return isIdle && this.#waiting.size >= HALVED_FROM;
  }

  async #tryToWrite(batch: Pending[]): Promise<void> {
    try {
      await this.#write(batch);
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      const { log, metrics } = this.#options;
      metrics?.recordingFailed();
      if (this.#failures === 1) log.warn({ error, reports: batch.length }, "recording failed");
      const left =
        this.#failures >= 2 && !mayPass(error) ? await this.#writeOneByOne(batch) : batch;
      for (const each of left) this.#wait(each);
    }
  }

  async #write(batch: Pending[]): Promise<void> {
    const { databases, actor, breakerPolicy, metrics } = this.#options;
    const reports = batch.map(toReport);
    const askedAt = performance.now();
    const recorded = await recordOrdinary(reports, {
      start: (attempts) => databases.hot.run((db) => startAttempts(db, { attempts, actor })),
      complete: (attempts) => this.#complete(attempts),
    });
    const others = reports.filter(({ executionId }) => !recorded.has(executionId));
    const answers = await databases.ordinary.run((db) =>
      recordOthers(db, { reports: others, actor, breakerPolicy }),
    );
    metrics?.recorded(batch.length, performance.now() - askedAt);
    const lost = new Set(answers.filter((a) => a.answer === "lost").map((a) => a.executionId));
    for (const each of batch) answer(each, lost.has(each.ref.executionId) ? "lost" : "recorded");
  }

  /** Completions take the next claim along, unless they are repeated: what that took might not be heard of again. */
  async #complete(attempts: Completion[]): Promise<Set<string>> {
    const { exchange, databases, actor } = this.#options;
    const isRepeated = this.#failures > 0;
    const claim = isRepeated ? null : exchange.ask(attempts.map(({ leaseToken }) => leaseToken));
    const runs = new Set(attempts.map(({ runId }) => runId));
    const { hot, exchange: usual } = databases;
    const isBeside = usual.isBusy && !hot.isBusy && this.#areFree(runs);
    const database = isBeside ? hot : usual;
    this.#runsUnderWay.add(runs);
    try {
      const completed = await database.run((db) =>
        completeAttempts(db, { attempts, actor, claim }),
      );
      if (claim) exchange.take(claim, completed.claim);
      else if (isRepeated) exchange.wake();
      return completed.executionIds;
    } catch (error) {
      if (claim) exchange.drop(claim);
      throw error;
    } finally {
      this.#runsUnderWay.delete(runs);
    }
  }

  /** Whether nothing of these runs is under way. Completions of one run would wait for each other at its row. */
  #areFree(runs: ReadonlySet<string>): boolean {
    return [...this.#runsUnderWay].every((others) => [...others].every((id) => !runs.has(id)));
  }

  /**
   * One report that Postgres refuses must not hold back the others of its batch: it becomes a failure in words. Returns
   * those that are still to be written.
   */
  async #writeOneByOne(batch: Pending[]): Promise<Pending[]> {
    const left: Pending[] = [];
    for (const each of batch) {
      try {
        await this.#write([each]);
      } catch (error) {
        if (mayPass(error)) left.push(each);
        else if (each.isReplaced) answer(each, "lost");
        else {
          const { executionId, runId, attempt } = each.ref;
          this.#options.log.error({ error, executionId, runId, attempt }, "report refused");
          left.push({ ...each, end: refusedEnd, isReplaced: true });
        }
      }
    }
    return left;
  }
}

function toReport({ ref, startedAt, end }: Pending): AttemptReport {
  const { executionId, runId, attempt, leaseToken, isProbe } = ref;
  const startedMsAgo = startedAt === null ? null : performance.now() - startedAt;
  return { executionId, runId, attempt, leaseToken, isProbe, startedMsAgo, end };
}

function answer({ resolvers }: Pending, result: ReportResult): void {
  for (const resolve of resolvers) resolve(result);
}

const refusedEnd: AttemptEnd = {
  kind: "failed",
  failure: {
    class: "invalid",
    message: "What the attempt reported could not be stored.",
    exitCode: null,
    signal: null,
  },
};
