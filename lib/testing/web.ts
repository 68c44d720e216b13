import { vi } from "vitest";
import { getWebClient } from "@/lib/db/web-database";
import { createTestDatabase, type TestDatabase } from "./database";

/** A fresh database that actions and routes of this test file use as theirs; call it before the first of them. */
export async function createWebDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  vi.stubEnv("DATABASE_URL", database.url);
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
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*)::int from projects) as projects,
      (select count(*)::int from pools) as pools,
      (select count(*)::int from tasks) as tasks,
      (select count(*)::int from graphs) as graphs,
      (select count(*)::int from graph_nodes) as graph_nodes,
      (select count(*)::int from dependencies) as dependencies,
      (select count(*)::int from graph_versions) as graph_versions,
      (select count(*)::int from schedules) as schedules,
      (select count(*)::int from backfills) as backfills,
      (select count(*)::int from runs) as runs,
      (select count(*)::int from executions) as executions,
      (select count(*)::int from execution_dependencies) as execution_dependencies,
      (select count(*)::int from execution_events) as execution_events,
      (select count(*)::int from attempts) as attempts,
      (select count(*)::int from circuit_breakers) as circuit_breakers`;
  return { ...row };
}
