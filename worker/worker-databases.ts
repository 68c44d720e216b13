import { heldSettings, hotSettings } from "@/lib/db/prepared";
import { WorkerDatabase } from "./worker-database";

/** The connections of a worker, by what they are for, so that no kind of work uses up those of another. */
export type WorkerDatabases = {
  /** For what takes a transaction, and for reads. */
  ordinary: WorkerDatabase;
  /** One prepared statement each: starts, and the claims and completions that go beside one on `exchange`. */
  hot: WorkerDatabase;
  /**
   * Completions, which claim along, and of one run follow each other; claims of an idle worker; and claims from pools, which
   * are two statements of one transaction.
   */
  exchange: WorkerDatabase;
  /** One statement, planned once: by the index of what is held, however small the table is at that moment. */
  heartbeat: WorkerDatabase;
  /** Deletes what is old: large transactions that nobody must wait for. */
  pruner: WorkerDatabase;
};

/** Connections are made on first use. */
export function openWorkerDatabases(databaseUrl: string): WorkerDatabases {
  const open = (name: string, max: number, settings: Record<string, string> = {}) =>
    new WorkerDatabase(databaseUrl, { name, max, settings });
  return {
    // A worker that was stopped in the middle of a transaction holds up others no longer than it waits for an answer itself.
    ordinary: open("worker", 6, { idle_in_transaction_session_timeout: "15000" }),
    // One connection each: every further one has a copy of the plans and of the map of the memory that all share, and what a
    // worker needs of that costs the processor more than it gains by doing a third thing at the same time.
    hot: open("worker hot path", 1, hotSettings),
    exchange: open("worker exchange", 1, hotSettings),
    heartbeat: open("worker heartbeat", 1, heldSettings),
    pruner: open("worker pruner", 1, { statement_timeout: "600000" }),
  };
}
