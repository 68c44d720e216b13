import { randomUUID } from "node:crypto";
import { existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Config, isLoopback, localAddress } from "@/lib/config";
import { build } from "./build";
import { bundle, WORKER_OPTIONS } from "./bundle";
import { Database } from "./database";
import { Instance } from "./instance";
import { assertPortIsFree } from "./port";
import { prepareDatabase } from "./prepare-database";
import { say } from "./say";
import { Service } from "./service";
import { StartError } from "./start-error";
import { waitUntilReady } from "./wait-until-ready";

const WEB_STOP_LIMIT_SECONDS = 10;
const WORKER_ENTRY = "worker/index.ts";
const WORKER_PROGRAM = ".next/worker";
const LOG_LIMIT_BYTES = 10_000_000;

/** Database, web server and worker, started and stopped in order. */
export class Product {
  private readonly bootId = randomUUID();
  private readonly config: Config;
  private readonly dev: boolean;
  private readonly instance: Instance;
  private readonly database: Database;
  private readonly web: Service;
  private readonly worker: Service;
  private stopped: Promise<void> | null = null;

  constructor(config: Config, options: { dev: boolean }) {
    this.config = config;
    this.dev = options.dev;
    this.instance = new Instance(config.dataDir, config.appUrl);
    this.database = new Database(config, this.instance);
    const { host, port } = config;
    const command = options.dev ? "dev" : "start";
    const next = ["node_modules/next/dist/bin/next", command, "-H", host, "-p", String(port)];
    this.web = this.service("web server", "web.log", next);
    const program = this.dev
      ? ["--import", "tsx", WORKER_ENTRY]
      : [join(WORKER_PROGRAM, "index.mjs")];
    this.worker = this.service("worker", "worker.log", [...WORKER_OPTIONS, ...program]);
  }

  /** Returns when the product answers, or when it was told to stop meanwhile. */
  async start(): Promise<void> {
    const { config } = this;
    refuseOpenHost(config.host);
    await this.instance.takeOver();
    await assertPortIsFree(config.host, config.port);
    if (!this.dev) {
      await build();
      await bundle({ entry: WORKER_ENTRY, outdir: WORKER_PROGRAM });
    }
    if (this.stopped) return;
    say(config.databaseUrl ? "Connecting to the database …" : "Starting the database …");
    await this.database.start();
    await prepareDatabase(this.database.url, config);
    if (this.stopped) return;
    say("Starting the web server and the worker …");
    this.web.start();
    this.worker.start();
    void this.database.keepRunning(() => this.restartServices());
    const address = localAddress(config.host, config.port);
    await waitUntilReady({ address, bootId: this.bootId, logFile: this.logFile("web.log") });
    if (!this.stopped) say(`Dagline runs at ${config.appUrl}`);
  }

  /** Stops the web server, the worker and the database, in this order; each has a limit. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  /** Ends web server and worker by force; the stop under way then goes on with the database. */
  stopNow(): void {
    this.web.kill();
    this.worker.kill();
  }

  private async stopInOrder(): Promise<void> {
    const { drainTimeoutSeconds, cancelGraceSeconds } = this.config;
    const workerLimitSeconds = drainTimeoutSeconds + cancelGraceSeconds + 5;
    await this.web.stop(WEB_STOP_LIMIT_SECONDS * 1000);
    await this.worker.stop(workerLimitSeconds * 1000);
    await this.database.stop();
    this.instance.clear();
  }

  private restartServices(): void {
    this.web.restart();
    this.worker.restart();
  }

  private service(name: string, log: string, args: string[]): Service {
    return new Service({
      name,
      args,
      env: () => this.environment(name),
      logFile: this.logFile(log),
      onStart: (pid) => this.instance.add(name, pid),
    });
  }

  private environment(name: string): NodeJS.ProcessEnv {
    // biome-ignore lint/style/noProcessEnv: handed on as it is, besides what this start knows
    const given = Object.entries(process.env).filter(
      // Only the worker runs tasks, so only it gets their secrets.
      ([key]) => name === "worker" || !key.startsWith("DAGLINE_SECRET_"),
    );
    return {
      ...Object.fromEntries(given),
      NODE_ENV: this.dev ? "development" : "production",
      DATABASE_URL: this.database.url,
      DAGLINE_BOOT_ID: this.bootId,
    };
  }

  /** Developers read the output at the terminal; there it would bury the one line that others look for. */
  private logFile(name: string): string | null {
    if (this.dev) return null;
    const file = join(this.config.dataDir, name);
    if (existsSync(file) && statSync(file).size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
    return file;
  }
}

/** Without accounts, the guard answers nobody on a network; better to say so than to start for no one. */
function refuseOpenHost(host: string): void {
  if (isLoopback(host)) return;
  throw new StartError(
    `HOST is "${host}", but Dagline has no accounts yet and would let nobody in: leave it at 127.0.0.1 and reach it through an SSH tunnel.`,
  );
}
