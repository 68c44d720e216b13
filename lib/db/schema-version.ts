import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Db } from "./database";

/** Where the migrations of this installation lie. */
export const migrationsUrl = new URL("../../drizzle/migrations/", import.meta.url);

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number() })).min(1) });

/** The schema that this installation was made for: the moment of its latest migration, in milliseconds. */
export function getOwnSchemaVersion(): number {
  const journal: unknown = JSON.parse(
    readFileSync(new URL("meta/_journal.json", migrationsUrl), "utf8"),
  );
  return Math.max(...journalSchema.parse(journal).entries.map(({ when }) => when));
}

/** The schema that the database has; 0 when no migration was ever applied. */
export async function getSchemaVersion(db: Db): Promise<number> {
  const [table] = await db.execute<{ name: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as name`,
  );
  if (!table?.name) return 0;
  const [row] = await db.execute<{ version: number | null }>(
    sql`select max(created_at)::float8 as version from drizzle.__drizzle_migrations`,
  );
  return row?.version ?? 0;
}

/** Whether a newer installation has changed the schema, so that this one must not write any more. */
export async function isSchemaNewer(db: Db): Promise<boolean> {
  return (await getSchemaVersion(db)) > getOwnSchemaVersion();
}
