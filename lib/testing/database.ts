import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { createDbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";

export type TestDatabase = {
  db: Db;
  sql: postgres.Sql;
  url: string;
  /** Closes the connections and drops the database. */
  close: () => Promise<void>;
};

/** A fresh, migrated database of its own, copied from the template of this test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  const name = `dagline_test_${randomBytes(6).toString("hex")}`;
  await server`create database ${server(name)} template ${server(inject("templateName"))}`;

  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  const client = createDbClient(url.href, { max: 20, name: "test" });
  return {
    db: client.db,
    sql: client.sql,
    url: url.href,
    close: async () => {
      await client.close();
      // Processes that a test started may still be connected.
      await server`drop database ${server(name)} with (force)`;
      await server.end();
    },
  };
}
