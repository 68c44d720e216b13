import type { Logger } from "pino";
import { mayPass } from "@/lib/db/sql-state";
import type { Actor } from "@/lib/domain/actor";
import { type AttemptReport, recordAttempts } from "@/lib/engine/record-attempts";
import type { WorkerDatabase } from "./worker-database";

export type ReportResult = "recorded" | "lost";

type Pending = {
  report: AttemptReport;
  resolve: (result: ReportResult) => void;
  /** The report was refused by the database and a failure stands in its place. */
  isReplaced: boolean;
};

const MAX_BATCH = 500;

/**
 * Writes what attempts report. Reports that come while a write is under way go together into the next one, so a busy worker
 * writes in batches and an idle one at once. While the database is away it tries again until the answer is known; the lease
 * token makes repeating harmless.
 */
export class Recorder {
  readonly #database: WorkerDatabase;
  readonly #actor: Actor;
  readonly #isFenced: () => boolean;
  readonly #log: Logger;
  #pending: Pending[] = [];
  #flushing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: {
    database: WorkerDatabase;
    actor: Actor;
    /** Looked at before every write: a worker whose leases may have expired writes nothing. */
    isFenced: () => boolean;
    log: Logger;
  }) {
    this.#database = options.database;
    this.#actor = options.actor;
    this.#isFenced = options.isFenced;
    this.#log = options.log;
  }

  /** Resolves when the report is in the database, or when its attempt is no longer this worker's. */
  report(report: AttemptReport): Promise<ReportResult> {
    return new Promise((resolve) => {
      this.#pending.push({ report, resolve, isReplaced: false });
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = null;
      });
    });
  }

  /** Gives up what could not be written; the sweep will find it. */
  close(): void {
    this.#isClosed = true;
  }

  async #flush(): Promise<void> {
    // Lets the reports of the same moment gather.
    await Promise.resolve();
    for (let failures = 0; this.#pending.length > 0; ) {
      const batch = this.#pending.slice(0, MAX_BATCH);
      if (this.#isClosed || this.#isFenced()) {
        this.#answer(batch, () => "lost");
        continue;
      }
      try {
        await this.#write(batch);
        failures = 0;
      } catch (error) {
        failures++;
        if (failures === 1) this.#log.warn({ error, reports: batch.length }, "recording failed");
        if (failures >= 2 && !mayPass(error)) await this.#writeOneByOne(batch);
        await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 50 * 2 ** failures)));
      }
    }
  }

  async #write(batch: Pending[]): Promise<void> {
    const reports = batch.map(({ report }) => report);
    const answers = await this.#database.run((db) =>
      recordAttempts(db, { reports, actor: this.#actor }),
    );
    this.#answer(batch, (_, i) => answers[i]?.answer ?? "lost");
  }

  /** One report that Postgres refuses must not hold back the others of its batch: it becomes a failure in words. */
  async #writeOneByOne(batch: Pending[]): Promise<void> {
    for (const each of batch) {
      try {
        await this.#write([each]);
      } catch (error) {
        if (mayPass(error)) return;
        const { executionId } = each.report;
        this.#log.error({ error, executionId }, "report refused");
        if (each.isReplaced) this.#answer([each], () => "lost");
        each.report = toFailure(each.report);
        each.isReplaced = true;
      }
    }
  }

  #answer(batch: Pending[], result: (pending: Pending, i: number) => ReportResult): void {
    const answered = new Set(batch);
    this.#pending = this.#pending.filter((each) => !answered.has(each));
    batch.forEach((each, i) => {
      each.resolve(result(each, i));
    });
  }
}

function toFailure({ kind: _kind, ...ref }: AttemptReport): AttemptReport {
  const message = "What the attempt reported could not be stored.";
  const failure = { class: "invalid", message, exitCode: null, signal: null } as const;
  return { ...ref, kind: "ended", end: { kind: "failed", failure } };
}
