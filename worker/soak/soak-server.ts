import { setTimeout as sleep } from "node:timers/promises";
import { migrateDatabase } from "@/lib/db/migrate";
import { openConnection } from "@/lib/db/open-connection";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/worker/embedded-postgres";

// The default settings of the product otherwise; eight workers with their connections, and those that died a moment ago.
const SETTINGS = { max_connections: "250" };
/** Settings of connections that check everything at once, which takes long on a busy machine. */
export const PATIENT = { statement_timeout: "0" };
const ASK_EVERY_MS = 20;
const COMES_BACK_WITHIN_MS = 60_000;

/** The soak's own PostgreSQL, which it may kill and start again. */
export class SoakServer {
  readonly #dataDir: string;
  #server: EmbeddedPostgres;
  /** Settles when the server that is down just now answers again. */
  #back: Promise<void> = Promise.resolve();

  private constructor(dataDir: string, server: EmbeddedPostgres) {
    this.#dataDir = dataDir;
    this.#server = server;
  }

  static async start(dataDir: string): Promise<SoakServer> {
    return new SoakServer(dataDir, await startEmbeddedPostgres({ dataDir, settings: SETTINGS }));
  }

  get pid(): number {
    return this.#server.pid;
  }

  urlOf(database: string): string {
    return Object.assign(new URL(this.#server.url), { pathname: `/${database}` }).href;
  }

  /** Creates a database with the product's tables; they lie in the tablespace, where one is given. */
  async createDatabase(name: string, tablespace: string | null): Promise<void> {
    const sql = openConnection(this.#server.url);
    const place = tablespace ? sql`tablespace ${sql(tablespace)}` : sql``;
    await sql`create database ${sql(name)} ${place}`;
    await sql.end();
    await migrateDatabase(this.urlOf(name));
  }

  /** Makes a folder a tablespace. */
  async createTablespace(name: string, folder: string): Promise<void> {
    const sql = openConnection(this.#server.url);
    await sql.unsafe(`create tablespace ${name} location '${folder}'`);
    await sql.end();
  }

  /** Resolves when the server is not known to be down. */
  whenUp(): Promise<void> {
    return this.#back;
  }

  /** Takes the server down by this signal and starts it again at its old address; returns when it answered again. */
  endAndRestart(signal: "SIGKILL" | "SIGQUIT" | "SIGINT"): Promise<Date> {
    return this.#whileDown(async () => {
      process.kill(this.#server.pid, signal);
      await this.#server.exited;
      const { port } = this.#server;
      const dataDir = this.#dataDir;
      this.#server = await startEmbeddedPostgres({ dataDir, port, settings: SETTINGS });
      if (this.#server.port !== port) throw new Error(`Port ${port} was taken meanwhile.`);
    });
  }

  /**
   * Kills a server process that serves somebody, at which PostgreSQL throws everybody out and recovers. `find` is asked again
   * when what it found has ended meanwhile.
   */
  killBackend(find: () => Promise<number>): Promise<Date> {
    return this.#whileDown(async () => {
      while (!hasKilled(await find())) await sleep(ASK_EVERY_MS);
      await sleep(ASK_EVERY_MS);
    });
  }

  async stop(): Promise<void> {
    await this.#back;
    await this.#server.stop();
  }

  #whileDown(act: () => Promise<void>): Promise<Date> {
    const answers = act().then(() => this.#waitForAnswer());
    this.#back = answers.then(
      () => {},
      () => {}, // whoever called is told
    );
    return answers;
  }

  async #waitForAnswer(): Promise<Date> {
    for (const end = Date.now() + COMES_BACK_WITHIN_MS; Date.now() < end; ) {
      const sql = openConnection(this.#server.url);
      const isUp = await sql`select 1`.then(
        () => true,
        () => false,
      );
      await sql.end({ timeout: 1 });
      if (isUp) return new Date();
      await sleep(ASK_EVERY_MS);
    }
    throw new Error("PostgreSQL did not come back within a minute.");
  }
}

function hasKilled(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
