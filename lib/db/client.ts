import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import type { Db } from "./database";
import { prepareMarked } from "./prepared";
import { forgetDescribed } from "./run-together";
import { surviveCuts } from "./survive-cuts";

/** A pool of connections; `sql` is for LISTEN and for closing. */
export type DbClient = { db: Db; sql: postgres.Sql };

/**
 * Opens a pool on a Postgres database. Connections are made on first use; `close` waits up to five seconds for queries
 * under way.
 */
export function createDbClient(
  databaseUrl: string,
  options: { max?: number; name: string; settings?: Record<string, string> },
): DbClient & { close: () => Promise<void> } {
  const pool = postgres(databaseUrl, {
    max: options.max ?? 10,
    connect_timeout: 5,
    idle_timeout: 60,
    // The driver's own waits grow to twenty seconds, by which it would find a database that came back that much later.
    backoff: (failures) => Math.min(1, 0.05 * 2 ** failures),
    onnotice: () => {},
    onclose: () => forgetDescribed(sql),
    // Drizzle parses arrays itself; a connection that is cut while the driver asks for their types would end the process.
    fetch_types: false,
    connection: {
      application_name: `dagline ${options.name}`,
      // A statement that hangs on a lock or a plan must not hold its connection for ever.
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      lock_timeout: 10_000,
      timezone: "UTC",
      // Compiling a plan takes longer than any of our statements.
      jit: "off",
      ...options.settings,
    },
  });
  const sql = prepareMarked(surviveCuts(pool));
  const db = drizzle(sql);
  return { db, sql, close: () => sql.end({ timeout: 5 }) };
}
