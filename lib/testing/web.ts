import { vi } from "vitest";
import { getWebClient } from "@/lib/db/web-database";
import { createTestDatabase, type TestDatabase } from "./database";

/** A fresh database that actions and routes of this test file use as theirs; call it before the first of them. */
export async function createWebDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("LOG_LEVEL", "silent");
  return {
    ...database,
    close: async () => {
      await getWebClient().sql.end({ timeout: 1 });
      await database.close();
    },
  };
}

/** How many rows each table has, so that a test can show that nothing was written. */
export async function countRows({ sql }: TestDatabase): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
  const counts = tables.map(async ({ name }) => {
    const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(name)}`;
    return [name, row?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
