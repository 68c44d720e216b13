import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "@/lib/config";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/worker/embedded-postgres";
import type { Instance } from "./instance";
import { say } from "./say";
import { waitForDatabase } from "./wait-for-database";

/** The database of this start: the configured one, or the embedded one, which is kept running until `stop`. */
export class Database {
  url = "";
  private server: EmbeddedPostgres | null = null;
  private stopping = false;
  private readonly config: Config;
  private readonly instance: Instance;

  constructor(config: Config, instance: Instance) {
    this.config = config;
    this.instance = instance;
  }

  async start(): Promise<void> {
    if (this.config.databaseUrl === null) await this.startEmbedded();
    else this.url = this.config.databaseUrl;
    await waitForDatabase({ url: this.url });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.server?.stop();
  }

  /** Starts the embedded server again whenever it ends; calls back when its address changed. */
  async keepRunning(onMoved: () => void): Promise<void> {
    while (this.server) {
      await this.server.exited;
      if (this.stopping) return;
      say("The database ended unexpectedly; starting it again.");
      const url = this.url;
      await this.startAgain();
      if (this.url !== url) onMoved();
    }
  }

  private async startAgain(): Promise<void> {
    for (let delayMs = 1_000; !this.stopping; delayMs = Math.min(delayMs * 2, 30_000)) {
      try {
        return await this.startEmbedded();
      } catch (error) {
        say(String(error));
        await sleep(delayMs, undefined, { ref: false });
      }
    }
  }

  private async startEmbedded(): Promise<void> {
    const { dataDir } = this.config;
    this.server = await startEmbeddedPostgres({ dataDir, port: this.instance.databasePort });
    this.url = this.server.url;
    this.instance.addDatabasePort(this.server.port);
  }
}
