import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Db } from "@/lib/db/database";
import {
  MAX_COUNTED,
  readSystemMetrics,
  type SystemMetrics,
  workerStates,
} from "@/lib/db/queries/metrics";
import { isDatabaseUnavailable } from "@/lib/db/sql-state";

/** Whoever asks waits ten seconds as a rule. */
const DATABASE_LIMIT_MS = 5000;

// On globalThis, since Next.js loads this file again after each change in development.
const shared = globalThis as typeof globalThis & { daglineProcessMetrics?: Registry }; // ours alone, by its name

/** The metrics of the system and of this web server, in the text form that Prometheus reads. */
export async function renderMetrics(db: Db): Promise<{ contentType: string; text: string }> {
  // A new one each time: a gauge would go on showing a worker's state that is no more.
  const registry = new Registry();
  const metrics = await readWithinLimit(db);
  gauge(registry, "dagline_database_up", "1 when the database answers, else 0.", metrics ? 1 : 0);
  if (metrics) addSystemMetrics(registry, metrics);
  const merged = Registry.merge([registry, processMetrics()]);
  return { contentType: merged.contentType, text: await merged.metrics() };
}

/** Null when the database cannot be reached or takes too long. */
async function readWithinLimit(db: Db): Promise<SystemMetrics | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DATABASE_LIMIT_MS);
  });
  const reading = readSystemMetrics(db).catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) return null;
    throw error;
  });
  try {
    return await Promise.race([reading, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function addSystemMetrics(registry: Registry, metrics: SystemMetrics): void {
  const { executions, runs, queue, workers, expiredLeases, breakers } = metrics;
  const most = `; at most ${MAX_COUNTED} are counted`;
  const byStatus = (rows: { status: string; count: number }[]) =>
    rows.map(({ status, count }) => ({ labels: { status }, value: count }));
  const byPriority = (value: (row: SystemMetrics["queue"][number]) => number) =>
    queue.map((row) => ({ labels: { priority: row.priority }, value: value(row) }));
  const workersIn = (state: string) => workers.find((row) => row.state === state);
  const alive = workersIn("alive");

  gauges(registry, "dagline_executions", "Executions that are not final.", byStatus(executions));
  gauges(registry, "dagline_runs", `Runs that are not final${most}.`, byStatus(runs));
  gauges(
    registry,
    "dagline_queue_executions",
    `Executions that are due and wait for a slot${most}.`,
    byPriority(({ count }) => count),
  );
  gauges(
    registry,
    "dagline_queue_oldest_seconds",
    "How long the oldest of the next executions to be claimed has been ready and due.",
    byPriority(({ oldestSeconds }) => oldestSeconds),
  );
  gauges(
    registry,
    "dagline_workers",
    "Workers by state; missing: not heard of for longer than a lease, and for less than a day.",
    workerStates.map((state) => ({ labels: { state }, value: workersIn(state)?.count ?? 0 })),
  );
  gauge(registry, "dagline_slots", "Slots of the workers that claim.", alive?.slots ?? 0);
  gauge(registry, "dagline_slots_used", "Slots of these in use.", alive?.slotsUsed ?? 0);
  gauge(
    registry,
    "dagline_expired_leases",
    "Attempts whose lease has expired and which no sweep has ended yet.",
    expiredLeases,
  );
  gauges(
    registry,
    "dagline_breakers",
    "Circuit breakers of the engines that workers claim for.",
    breakers.map(({ state, count }) => ({ labels: { state }, value: count })),
  );
}

function gauge(registry: Registry, name: string, help: string, value: number): void {
  new Gauge({ name, help, registers: [registry] }).set(value);
}

/** One value for each combination of labels. */
function gauges(
  registry: Registry,
  name: string,
  help: string,
  rows: { labels: Record<string, string>; value: number }[],
): void {
  const labelNames = Object.keys(rows[0]?.labels ?? {});
  const metric = new Gauge({ name, help, labelNames, registers: [registry] });
  for (const { labels, value } of rows) metric.set(labels, value);
}

/** Memory, time, event loop of this process; measured from the first time on that somebody asks. */
function processMetrics(): Registry {
  if (!shared.daglineProcessMetrics) {
    shared.daglineProcessMetrics = new Registry();
    collectDefaultMetrics({ register: shared.daglineProcessMetrics });
  }
  return shared.daglineProcessMetrics;
}
