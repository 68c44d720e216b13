import type { Moment } from "./no-op-runner";

/** What the benchmark asks of a worker process; each request is answered before the next is sent. */
export type BenchRequest =
  /** Start a worker on this database. */
  | { kind: "start"; databaseUrl: string; maxConcurrentExecutions: number }
  /** Drain and stop it. */
  | { kind: "stop" }
  /** Hand out the moments since the last request. */
  | { kind: "moments" }
  /** Claim by hand, without a worker, whenever notified: the ceiling of the start of one execution. */
  | { kind: "claim by hand"; databaseUrl: string; claim: string };

export type BenchAnswer = { moments: Moment[] } | { error: string };
