import type { Logger } from "pino";
import { type Pruned, pruneRuns } from "@/lib/engine/prune-runs";
import { pruneWorkers } from "@/lib/engine/prune-workers";
import type { WorkerDatabase } from "./worker-database";

/** Executions and pieces of output of one batch; it takes a fraction of a second. */
const MAX_ROWS = 1000;
/** Between two batches, at least; as long as the batch took, if that was longer. */
const PAUSE_MS = 200;
/** Until somebody looks again for what has become old enough; also while another worker prunes. */
const INTERVAL_MS = 10 * 60_000;
/** A single run may have ten thousand executions and gigabytes of output, and is never deleted by halves. */
const LIMIT_MS = 10 * 60_000;

type Options = {
  database: WorkerDatabase;
  /** Null keeps everything. */
  retentionDays: number | null;
  log: Logger;
  onPruned: (pruned: Pruned) => void;
};

/**
 * The poll of the loop that deletes what has been over for longer than the retention period, a batch at a time with pauses
 * between. Every worker has one; the database lets one of them at a time.
 */
export function createPrunePoll(options: Options): () => Promise<number> {
  const { database, retentionDays, log, onPruned } = options;
  return async () => {
    if (retentionDays === null) return INTERVAL_MS;
    const startedAt = performance.now();
    const pruned = await database.run(
      (db) => pruneRuns(db, { retentionDays, maxRows: MAX_ROWS }),
      LIMIT_MS,
    );
    if (pruned && pruned.runs > 0) {
      onPruned(pruned);
      log.info(pruned, "old runs deleted");
    }
    if (pruned?.more) return Math.max(PAUSE_MS, performance.now() - startedAt);
    if (pruned) await pruneRest();
    return INTERVAL_MS * (0.9 + Math.random() * 0.2);
  };

  async function pruneRest(): Promise<void> {
    if (retentionDays === null) return;
    const gone = await database.run((db) => pruneWorkers(db, { retentionDays }));
    if (gone.workers + gone.breakers > 0) log.info(gone, "old workers deleted");
  }
}
