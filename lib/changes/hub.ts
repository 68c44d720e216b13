import type postgres from "postgres";
import { channels } from "@/lib/db/channels";
import { getWebClient } from "@/lib/db/web-database";
import { log } from "@/lib/log";
import { topicsOf } from "./topics";

const PING_MS = 2_000;
const PING_LIMIT_MS = 3_000;

export type ChangeListener = {
  /** From now on every change is heard; what happened before may have been missed. */
  onReady: () => void;
  onTopics: (topics: string[]) => void;
  onDatabase: (available: boolean) => void;
};

/** Hears the notifications of the database on one connection, and passes them on to every open stream of this process. */
export class ChangeHub {
  private readonly sql: postgres.Sql;
  private readonly listeners = new Set<ChangeListener>();
  private started = false;
  private ready = false;
  private available = true;
  private pinging: NodeJS.Timeout | undefined;

  constructor(sql: postgres.Sql) {
    this.sql = sql;
  }

  /** Starts passing changes on to `listener`; returns how to end that. */
  subscribe(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    this.start();
    if (this.ready) listener.onReady();
    if (!this.available) listener.onDatabase(false);
    this.pinging ??= setInterval(() => void this.ping(), PING_MS);
    return () => this.unsubscribe(listener);
  }

  private unsubscribe(listener: ChangeListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    clearInterval(this.pinging);
    this.pinging = undefined;
  }

  private start(): void {
    if (this.started) return;
    this.started = true;
    const onPayload = (payload: string) => this.each((to) => to.onTopics(topicsOf(payload)));
    // The driver listens again by itself after every loss, also when this first try fails; the ping tells of the loss.
    this.sql.listen(channels.changes, onPayload, () => this.onListening()).catch(() => this.ping());
  }

  private onListening(): void {
    this.ready = true;
    this.setAvailable(true);
    this.each((to) => to.onReady());
  }

  /** A connection over which nothing comes does not show whether it is lost. */
  private async ping(): Promise<void> {
    const limit = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error("no answer in time")), PING_LIMIT_MS).unref();
    });
    try {
      await Promise.race([this.sql`select 1`, limit]);
      this.setAvailable(true);
    } catch (error) {
      if (this.available) log.warn({ error }, "database was lost");
      this.setAvailable(false);
    }
  }

  private setAvailable(available: boolean): void {
    if (available === this.available) return;
    this.available = available;
    this.each((to) => to.onDatabase(available));
  }

  private each(tell: (listener: ChangeListener) => void): void {
    for (const listener of [...this.listeners]) tell(listener);
  }
}

// On globalThis, since Next.js loads this file again after each change in development.
const shared = globalThis as typeof globalThis & { daglineChangeHub?: ChangeHub }; // ours alone, by its name

/** The hub of the web server, made at the first call. */
export function getChangeHub(): ChangeHub {
  shared.daglineChangeHub ??= new ChangeHub(getWebClient().sql);
  return shared.daglineChangeHub;
}
