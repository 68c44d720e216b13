import type { Logger } from "pino";
import { appendLogs } from "@/lib/engine/append-logs";
import { createLogCollector, type LogChunk, type LogCollector } from "./log-collector";
import type { WorkerMetrics } from "./metrics";
import type { OutputStream } from "./runners/runner";
import type { WorkerDatabase } from "./worker-database";

/** Whose output it is, and a log that names it on each line. */
type LoggedAttempt = { claimed: { executionId: string; attempt: number }; log: Logger };

const FLUSH_MS = 200;
const PREVIEW_MS = 5000;
/** How long the end of an attempt waits for its last lines to be stored. */
const FINISH_MS = 10_000;

/**
 * Stores the output of one attempt while it comes; does nothing at all for one that is silent. Output is the first thing to
 * be given up when the database is in trouble: a failed write is tried again with the next, and never delays or fails the
 * attempt.
 */
export class LogWriter {
  readonly #database: WorkerDatabase;
  readonly #attempt: LoggedAttempt;
  readonly #secrets: readonly string[];
  readonly #metrics: WorkerMetrics | null;
  #collector: LogCollector | null = null;
  #timer: NodeJS.Timeout | null = null;
  #unwritten: LogChunk[] = [];
  #writing: Promise<boolean> | null = null;
  #previewAt = 0;

  constructor(options: {
    database: WorkerDatabase;
    attempt: LoggedAttempt;
    /** Values that must not be stored. */
    secrets: readonly string[];
    metrics: WorkerMetrics | null;
  }) {
    this.#database = options.database;
    this.#attempt = options.attempt;
    this.#secrets = options.secrets;
    this.#metrics = options.metrics;
  }

  write(stream: OutputStream, chunk: Uint8Array): void {
    this.#collector ??= createLogCollector({ secrets: this.#secrets });
    this.#timer ??= setInterval(() => this.#tick(), FLUSH_MS);
    this.#collector.write(stream, chunk);
  }

  /** The last lines so far, at most 50 of them. */
  lastLines(count: number): string[] {
    return this.#collector?.lastLines(count) ?? [];
  }

  /** Stores what is left; resolves after ten seconds at the latest. */
  async finish(): Promise<void> {
    if (!this.#collector) return;
    if (this.#timer) clearInterval(this.#timer);
    await this.#writing;
    await this.#writeRest(this.#collector);
    const dropped = this.#collector.droppedBytes() + sizeOf(this.#unwritten);
    this.#metrics?.logged({ stored: 0, dropped });
  }

  async #writeRest(collector: LogCollector): Promise<void> {
    this.#unwritten.push(...collector.finish());
    const end = performance.now() + FINISH_MS;
    while (this.#unwritten.length > 0 && performance.now() < end) {
      if (await this.#write(null)) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    if (this.#unwritten.length > 0) this.#attempt.log.warn("output given up");
  }

  #tick(): void {
    if (this.#writing || !this.#collector) return;
    this.#unwritten.push(...this.#collector.takeChunks());
    const isPreviewDue = performance.now() - this.#previewAt > PREVIEW_MS;
    const preview = isPreviewDue ? this.#collector.preview() : null;
    if (this.#unwritten.length === 0 && !preview) return;
    if (preview) this.#previewAt = performance.now();
    this.#writing = this.#write(preview).finally(() => {
      this.#writing = null;
    });
  }

  async #write(preview: LogChunk | null): Promise<boolean> {
    const { executionId, attempt } = this.#attempt.claimed;
    const chunks = this.#unwritten;
    try {
      await this.#database.run((db) => appendLogs(db, { executionId, attempt, chunks, preview }));
      this.#unwritten = this.#unwritten.slice(chunks.length);
      this.#metrics?.logged({ stored: sizeOf(chunks), dropped: 0 });
      return true;
    } catch (error) {
      this.#attempt.log.debug({ error }, "writing output failed");
      return false;
    }
  }
}

function sizeOf(chunks: readonly LogChunk[]): number {
  return chunks.reduce((bytes, { content }) => bytes + Buffer.byteLength(content), 0);
}
