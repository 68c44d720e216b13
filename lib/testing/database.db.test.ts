import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./database";

let one: TestDatabase;
let two: TestDatabase;

beforeAll(async () => {
  [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(async () => {
  await one.close();
});

it("gives every test file a migrated database of its own, and drops it at the end", async () => {
  await one.sql`create table mine (n int)`;
  const tables = await two.sql`select table_name from information_schema.tables`;
  const names = tables.map((table) => table.table_name);

  expect(names).toContain("executions");
  expect(names).not.toContain("mine");

  await two.close();
  const name = new URL(two.url).pathname.slice(1);
  expect(await one.sql`select from pg_database where datname = ${name}`).toHaveLength(0);
});
