import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { createDbClient, type DbClient } from "@/lib/db/client";
import { migrateDatabase } from "@/lib/db/migrate";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/worker/embedded-postgres";
import { readCpuSecondsOfTree } from "./cpu-time";

const TEMPLATE = "dagline_bench";
/** What makes a commit survive a power cut; a benchmark without it would measure something else. */
const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };

export type BenchDatabase = DbClient & {
  name: string;
  url: string;
  /** Closes the connections; the database stays, to be copied. */
  close: () => Promise<void>;
  drop: () => Promise<void>;
};

/** The embedded PostgreSQL just as `npm start` runs it, on a folder of its own that goes with it. */
export class BenchServer {
  readonly dir: string;
  readonly #postgres: EmbeddedPostgres;
  readonly #sql: postgres.Sql;
  #count = 0;

  private constructor(dir: string, server: EmbeddedPostgres) {
    this.dir = dir;
    this.#postgres = server;
    this.#sql = postgres(server.url, { max: 1, onnotice: () => {} });
  }

  static async start(): Promise<BenchServer> {
    const dir = await mkdtemp(join(tmpdir(), "dagline-bench-"));
    const server = new BenchServer(dir, await startEmbeddedPostgres({ dataDir: dir }));
    await server.#requireDurability();
    await server.#sql.unsafe(`create database ${TEMPLATE}`);
    await migrateDatabase(server.#urlOf(TEMPLATE));
    return server;
  }

  /** Version and the settings that matter, in words. */
  async describe(): Promise<string> {
    const [row] = await this.#sql<{ version: string; buffers: string }[]>`
      select current_setting('server_version') as version, current_setting('shared_buffers') as buffers`;
    const settings = Object.entries(DURABLE).map(([name, value]) => `${name} ${value}`);
    return `PostgreSQL ${row?.version}, shared_buffers ${row?.buffers}, ${settings.join(", ")}`;
  }

  /** A fresh, migrated database, so that no measurement sees what another left behind; or a copy of a prepared one. */
  async createDatabase(template = TEMPLATE): Promise<BenchDatabase> {
    // First, so that the pages of the new database count as changed since, as those of a running system do: no measurement
    // pays for the pages of the one before, and none pays for being the first to change a page after a checkpoint.
    await this.#sql`checkpoint`;
    this.#count += 1;
    const name = `${TEMPLATE}_${this.#count}`;
    await this.#sql.unsafe(`create database ${name} template ${template}`);
    // Filling a database with a million rows, and looking at all of them, takes longer than the product's statements may.
    const settings = { statement_timeout: "0", idle_in_transaction_session_timeout: "0" };
    const options = { max: 4, name: "bench", settings };
    const { db, sql, close } = createDbClient(this.#urlOf(name), options);
    const drop = async () => {
      await close();
      await this.dropDatabase(name);
    };
    return { name, db, sql, url: this.#urlOf(name), close, drop };
  }

  async dropDatabase(name: string): Promise<void> {
    await this.#sql.unsafe(`drop database ${name} with (force)`);
  }

  /** Transactions in a database so far, asked from another one. */
  async countTransactions(database: string): Promise<number> {
    const [row] = await this.#sql<{ n: number }[]>`
      select (xact_commit + xact_rollback)::float8 as n from pg_stat_database where datname = ${database}`;
    return row?.n ?? Number.NaN;
  }

  /** Does something while the server looks after no database by itself, which would count as transactions there. */
  async withoutAutovacuum<T>(work: () => Promise<T>): Promise<T> {
    const set = async (command: string) => {
      await this.#sql.unsafe(command);
      await this.#sql`select pg_reload_conf()`;
    };
    await set("alter system set autovacuum = off");
    try {
      return await work();
    } finally {
      await set("alter system reset autovacuum");
    }
  }

  /** Processor time of the server and its connections; NaN where the system does not tell. */
  cpuSeconds(): number {
    return readCpuSecondsOfTree(this.#postgres.pid) ?? Number.NaN;
  }

  async stop(): Promise<void> {
    await this.#sql.end({ timeout: 1 });
    await this.#postgres.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  async #requireDurability(): Promise<void> {
    for (const [name, value] of Object.entries(DURABLE)) {
      const [row] = await this.#sql<
        { setting: string }[]
      >`select current_setting(${name}) as setting`;
      if (row?.setting !== value) throw new Error(`${name} is ${row?.setting}, not ${value}.`);
    }
  }

  #urlOf(database: string): string {
    const url = new URL(this.#postgres.url);
    url.pathname = `/${database}`;
    return url.href;
  }
}
