import { v7 as uuidv7 } from "uuid";
import { type Config, ConfigError, getConfig } from "@/lib/config";
import { migrateDatabase } from "@/lib/db/migrate";
import { log as rootLog } from "@/lib/log";
import { onLauncherDeath } from "@/lib/shutdown";
import type { WorkerMetrics } from "./metrics";
import { findRunningPostgres } from "./postgres/find-running";
import { chooseRunner } from "./runners/choose-runner";
import type { Runner } from "./runners/runner";
import { Worker } from "./worker";
import { WorkerDatabase } from "./worker-database";

const id = uuidv7();
const log = rootLog.child({ workerId: id });

async function main(): Promise<void> {
  const config = getConfig();
  const databaseUrl = config.databaseUrl ?? findRunningPostgres(config.dataDir);
  if (!databaseUrl)
    throw new ConfigError(
      `DATABASE_URL is not set and no database runs in ${config.dataDir}: start Dagline with \`npm start\` first, or name its database.`,
    );
  await migrateDatabase(databaseUrl);
  const runner = await chooseRunner(config, log);
  const metrics = await openMetrics(config, runner);
  const tracing = await openTracing(config, databaseUrl);
  const stop = (now: boolean) => {
    void worker
      .stop({ now })
      .then(() => tracing?.close())
      .then(() => process.exit(0));
  };
  const worker = new Worker({
    id,
    log,
    databaseUrl,
    runner,
    config,
    metrics,
    traceparentOf: tracing?.traceparentOf ?? null,
    onOutdated: () => stop(false),
  });
  process.on("SIGTERM", () => stop(false));
  process.on("SIGINT", () => stop(false));
  onLauncherDeath(() => stop(true));
  await worker.start();
}

/** Loaded only where somebody wants to look. */
async function openMetrics({ metricsPort }: Config, runner: Runner): Promise<WorkerMetrics | null> {
  if (metricsPort === null) return null;
  const { serveWorkerMetrics } = await import("./metrics-server");
  return serveWorkerMetrics({ port: metricsPort, runner: runner.kind, log });
}

/** Loaded only where traces are wanted. */
async function openTracing({ tracing }: Config, databaseUrl: string) {
  if (tracing === null) return null;
  const { startTracing } = await import("@/lib/tracing/tracing");
  const { traceparentOf } = await import("@/lib/tracing/trace-ids");
  const database = new WorkerDatabase(databaseUrl, { name: "worker traces", max: 1 });
  const read = database.run.bind(database);
  const { close } = startTracing({ tracing, instanceId: id, log, read });
  log.info({ collector: new URL(tracing.url).host }, "tracing started");
  return { traceparentOf, close };
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ error }, "worker failed");
  process.exit(1);
});
