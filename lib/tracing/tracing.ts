import type { Logger } from "pino";
import type { Config } from "@/lib/config";
import type { Db } from "@/lib/db/database";
import { readTracedAttempts, readTracedRuns } from "@/lib/db/queries/traces";
import { onEndings } from "@/lib/engine/endings";
import { openSpanSink } from "./span-sink";
import { spanOfRun, spansOfAttempt } from "./spans";

/** Lets what ends at about the same time be read together. */
const GATHER_MS = 250;
const RETRY_MS = 5000;
const MAX_BATCH = 500;
/** What may wait to be read while the database is away; what comes beyond is dropped. */
const MAX_WAITING = 20_000;
const CLOSE_LIMIT_MS = 3000;

type Attempt = { executionId: string; attempt: number };

export type Tracing = { close: () => Promise<void> };

/**
 * Sends a trace of every run: whatever this process ends, it reads back from the database a moment later and sends as
 * spans. Loaded only where traces are wanted, and apart from the work: neither the database nor the collector can hold that up.
 */
export function startTracing(options: {
  tracing: NonNullable<Config["tracing"]>;
  instanceId: string;
  log: Logger;
  /** Runs a read, on connections that the work does not need. */
  read: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
  closeLimitMs?: number;
}): Tracing {
  const { read, log, closeLimitMs = CLOSE_LIMIT_MS } = options;
  const sink = openSpanSink(options);
  const attempts: Attempt[] = [];
  const runIds: string[] = [];
  let timer: NodeJS.Timeout | null = null;
  let reading: Promise<void> = Promise.resolve();

  const schedule = (delayMs: number) => {
    timer ??= setTimeout(() => {
      timer = null;
      reading = reading.then(readAll);
    }, delayMs).unref();
  };

  const readAll = async () => {
    try {
      await takeBatches(attempts, async (batch) => {
        const rows = await read((db) => readTracedAttempts(db, batch));
        for (const span of rows.flatMap(spansOfAttempt)) sink.add(span);
      });
      await takeBatches(runIds, async (batch) => {
        const rows = await read((db) => readTracedRuns(db, batch));
        for (const row of rows) sink.add(spanOfRun(row));
      });
    } catch (error) {
      log.debug({ error }, "reading for traces failed");
      schedule(RETRY_MS);
    }
  };

  const stopListening = onEndings((ended) => {
    if (attempts.length < MAX_WAITING) attempts.push(...ended.attempts);
    if (runIds.length < MAX_WAITING) runIds.push(...ended.runIds);
    schedule(GATHER_MS);
  });

  const sendRest = async () => {
    stopListening();
    if (timer) clearTimeout(timer);
    await reading.then(readAll);
    await sink.close();
  };
  let closed: Promise<void> | null = null;

  return {
    /** Sends what is left, for three seconds at most unless told otherwise. */
    close: () => {
      closed ??= withinLimit(sendRest(), closeLimitMs);
      return closed;
    },
  };
}

/** What could not be sent in time is lost, and not worth an error. */
async function withinLimit(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work.catch(() => {}), limit]);
  clearTimeout(timer);
}

/** What is taken leaves the queue once it is done with; more may be added meanwhile. */
async function takeBatches<T>(queue: T[], work: (batch: T[]) => Promise<void>): Promise<void> {
  while (queue.length > 0) {
    const batch = queue.slice(0, MAX_BATCH);
    await work(batch);
    queue.splice(0, batch.length);
  }
}
