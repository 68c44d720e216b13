import { ConfigError, getConfig } from "@/lib/config";
import { migrateDatabase } from "@/lib/db/migrate";
import { log } from "@/lib/log";
import { onLauncherDeath } from "@/lib/shutdown";
import { chooseRunner } from "./runners/choose-runner";
import { Worker } from "./worker";

async function main(): Promise<void> {
  const config = getConfig();
  if (!config.databaseUrl)
    throw new ConfigError(
      "DATABASE_URL is not set: name the database that the other workers and the web server use. (`npm start` sets it for its own worker.)",
    );
  await migrateDatabase(config.databaseUrl);
  const runner = await chooseRunner(config);
  const worker = new Worker({ databaseUrl: config.databaseUrl, runner, config });
  const stop = (now: boolean) => {
    void worker.stop({ now }).then(() => process.exit(0));
  };
  process.on("SIGTERM", () => stop(false));
  process.on("SIGINT", () => stop(false));
  onLauncherDeath(() => stop(true));
  await worker.start();
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ error }, "worker failed");
  process.exit(1);
});
