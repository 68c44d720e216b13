import type { SQL } from "drizzle-orm";
import { createDbClient, type DbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import { runTogether, type Settled } from "@/lib/db/run-together";
import { isCut } from "@/lib/db/survive-cuts";

/** The database did not answer in time; whether the work was done is not known. */
class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly code = "ETIMEDOUT";
}

/**
 * Connections with a deadline. A link that swallows packets never fails by itself, and the driver waits for ever; so after
 * the deadline the connections are destroyed and new ones are made for the next call.
 */
export class WorkerDatabase {
  readonly #open: () => ReturnType<typeof createDbClient>;
  #client: ReturnType<typeof createDbClient>;
  #runningCount = 0;

  constructor(databaseUrl: string, options: Parameters<typeof createDbClient>[1]) {
    this.#open = () => createDbClient(databaseUrl, options);
    this.#client = this.#open();
  }

  /** Whether something would have to wait here, or share the connections. */
  get isBusy(): boolean {
    return this.#runningCount > 0;
  }

  /** Rejects with a DeadlineError when `work` takes longer than `deadlineMs`. */
  async run<T>(work: (db: Db) => Promise<T>, deadlineMs?: number): Promise<T> {
    return await this.#withDeadline(({ db }) => work(db), deadlineMs);
  }

  /** Runs statements in one transaction and one round trip; needs `max: 1`. */
  async runTogether(statements: readonly SQL[]): Promise<Settled[]> {
    return await this.#withDeadline(async (client) => {
      const answers = await runTogether(client.sql, statements);
      for (const each of answers)
        if (each.status === "rejected") this.#onFailure(client, each.reason);
      return answers;
    });
  }

  async #withDeadline<T>(work: (client: DbClient) => Promise<T>, deadlineMs = 15_000): Promise<T> {
    const client = this.#client;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#replace(client, { graceSeconds: 0 });
        reject(new DeadlineError(`The database did not answer within ${deadlineMs} ms.`));
      }, deadlineMs);
    });
    this.#runningCount++;
    // What it throws before it first waits is a failure like any other.
    const working = (async () => work(client))();
    // Reported through the race, or too late to matter.
    working.catch((error: unknown) => this.#onFailure(client, error));
    try {
      return await Promise.race([working, deadline]);
    } finally {
      this.#runningCount--;
      clearTimeout(timer);
    }
  }

  #onFailure(client: DbClient, error: unknown): void {
    if (isCut(error)) this.#replace(client, { graceSeconds: 5 });
  }

  /**
   * New connections for the next call. After a cut in the middle of a write the driver keeps what it had not sent, never
   * flushes it, and puts it in front of its next greeting, so that the connection hangs until that times out.
   */
  #replace(client: DbClient, { graceSeconds }: { graceSeconds: number }): void {
    if (this.#client === client) this.#client = this.#open();
    client.sql.end({ timeout: graceSeconds }).catch(() => {}); // it is given up, however it ends
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
