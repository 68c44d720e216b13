import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { onEndings } from "@/lib/engine/endings";

/** Seconds of work in the database. */
const DATABASE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
/** Seconds for which an execution waits. */
const WAITING_SECONDS = [
  0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200,
];
const BATCH_SIZES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const OUTCOMES = ["completed", "failed", "timeout", "cancelled", "lost", "released"] as const;

/** What the loops of a worker tell; each call costs less than a microsecond and never throws. */
export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** The metrics of this process as the worker's loops fill them. Loaded only where METRICS_PORT is set. */
export function createWorkerMetrics({ runner }: { runner: string }) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });

  const attempts = new Counter({
    name: "dagline_attempts_total",
    help: "Attempts whose end this worker has recorded, by outcome and runner.",
    labelNames: ["outcome", "runner"],
    registers,
  });
  // A rate can be told from the first one only if the counter was there before.
  for (const outcome of OUTCOMES) attempts.inc({ outcome, runner }, 0);
  const pollFailures = new Counter({
    name: "dagline_poll_failures_total",
    help: "Polls of a loop that failed and are tried again, by loop.",
    labelNames: ["loop"],
    registers,
  });
  const claimSeconds = histogram(
    "dagline_claim_duration_seconds",
    "How long a claim took in the database.",
    DATABASE_SECONDS,
  );
  const claimSize = histogram(
    "dagline_claim_executions",
    "Executions that one claim took, none included.",
    BATCH_SIZES,
  );
  const recordSeconds = histogram(
    "dagline_record_duration_seconds",
    "How long the recording of a batch of reports took in the database.",
    DATABASE_SECONDS,
  );
  const recordSize = histogram(
    "dagline_record_reports",
    "Reports (starts and ends of attempts) that were recorded in one batch.",
    BATCH_SIZES,
  );
  const recordFailures = counter(
    "dagline_record_failures_total",
    "Batches of reports that could not be recorded and are tried again.",
  );
  const startDelay = histogram(
    "dagline_start_delay_seconds",
    "From the moment an execution was ready and due to the start of its command.",
    WAITING_SECONDS,
  );
  const rescued = counter(
    "dagline_rescued_attempts_total",
    "Attempts of other workers that this one has ended because their lease had expired.",
  );
  const fenced = counter(
    "dagline_fenced_attempts_total",
    "Attempts this worker gave up because their lease was lost.",
  );
  const logStored = counter("dagline_log_stored_bytes_total", "Bytes of output stored.");
  const logDropped = counter(
    "dagline_log_dropped_bytes_total",
    "Bytes of output dropped: beyond the limit of an attempt, or not to be stored in time.",
  );

  const prunedRuns = counter(
    "dagline_pruned_runs_total",
    "Runs that this worker has deleted because they were older than the retention period.",
  );
  const prunedExecutions = counter("dagline_pruned_executions_total", "Executions of these runs.");

  const stopCounting = onEndings(({ attempts: ended, actor }) => {
    // Counted first: a counter with labels takes longer than a map, and a batch has few outcomes.
    const counts = new Map<string, number>();
    for (const { outcome } of ended) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    for (const [outcome, n] of counts) attempts.inc({ outcome: outcome.toLowerCase(), runner }, n);
    if (actor.type === "system") rescued.inc(ended.length);
  });

  return {
    registry,
    claimed: (size: number, ms: number) => {
      claimSize.observe(size);
      claimSeconds.observe(ms / 1000);
    },
    recorded: (size: number, ms: number) => {
      recordSize.observe(size);
      recordSeconds.observe(ms / 1000);
    },
    recordingFailed: () => recordFailures.inc(),
    started: (delayMs: number) => startDelay.observe(Math.max(0, delayMs) / 1000),
    fenced: () => fenced.inc(),
    logged: (bytes: { stored: number; dropped: number }) => {
      logStored.inc(bytes.stored);
      logDropped.inc(bytes.dropped);
    },
    pruned: ({ runs, executions }: { runs: number; executions: number }) => {
      prunedRuns.inc(runs);
      prunedExecutions.inc(executions);
    },
    pollFailed: (loop: string) => pollFailures.inc({ loop }),
    /** Has these read at every scrape. */
    watch: (read: {
      heartbeatAgeMs: () => number;
      slots: () => number;
      slotsUsed: () => number;
    }) => {
      const gauge = (name: string, help: string, value: () => number) =>
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(value());
          },
        });
      gauge(
        "dagline_heartbeat_age_seconds",
        "Since the last answered heartbeat was sent.",
        () => read.heartbeatAgeMs() / 1000,
      );
      gauge("dagline_worker_slots", "Slots of this worker.", read.slots);
      gauge("dagline_worker_slots_used", "Slots of this worker in use.", read.slotsUsed);
    },
    close: stopCounting,
  };
}
