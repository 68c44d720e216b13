import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type postgres from "postgres";
import { ConfigError } from "@/lib/config";
import { channels } from "./channels";
import { openConnection } from "./open-connection";
import { getOwnSchemaVersion, getSchemaVersion, migrationsUrl } from "./schema-version";
import { surviveCuts } from "./survive-cuts";

/** Any constant of our own: whoever holds it is the only one migrating this database. */
const MIGRATION_LOCK = 7_202_611_231n;

/**
 * Applies the migrations that are missing, and tells the workers, which stop when the schema is newer than they are. Safe
 * to call from several processes at once: one migrates, the others wait. Throws a ConfigError for a read replica and for a
 * database that a newer version has migrated.
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const sql = openConnection(databaseUrl);
  try {
    await refuseReplica(sql);
    await sql`select pg_advisory_lock(${MIGRATION_LOCK.toString()}::bigint)`;
    const db = drizzle(surviveCuts(sql));
    const version = await getSchemaVersion(db);
    if (version > getOwnSchemaVersion()) throw new ConfigError(NEWER);
    if (version === getOwnSchemaVersion()) return;
    await migrate(db, { migrationsFolder: fileURLToPath(migrationsUrl) });
    await sql`select pg_notify(${channels.schema}, '')`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const NEWER =
  "The database belongs to a newer version of Dagline than this one: update this installation, or use another database.";

/** What a replica says may be old, and decisions must not rest on it. */
async function refuseReplica(sql: postgres.Sql): Promise<void> {
  const [row] = await sql<{ replica: boolean }[]>`select pg_is_in_recovery() as replica`;
  if (row?.replica)
    throw new ConfigError(
      "DATABASE_URL names a read replica, which cannot be written to: name the primary server.",
    );
}
