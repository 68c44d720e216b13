import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Any constant of our own: whoever holds it is the only one migrating this database. */
const MIGRATION_LOCK = 7_202_611_231n;

const migrationsFolder = fileURLToPath(new URL("../../drizzle/migrations", import.meta.url));

/** Applies the migrations that are missing. Safe to call from several processes at once: one migrates, the others wait. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK.toString()}::bigint)`;
    await migrate(drizzle(sql), { migrationsFolder });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
