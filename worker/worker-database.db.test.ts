import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { WorkerDatabase } from "./worker-database";

let test: TestDatabase;
let database: WorkerDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new WorkerDatabase(test.url, { name: "cut", max: 1 });
  await test.sql`create table notes (note text primary key)`;
});
afterAll(async () => {
  await database.close();
  await test.close();
});

const insert = (note: string) => sql`insert into notes values (${note}) returning note`;

it("works on at once after failures and after its connection was cut, twenty times", async () => {
  for (let round = 0; round < 20; round++) {
    await test.sql`truncate notes`;
    await database.runTogether([insert("a"), insert("a")]);
    await test.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dagline cut'`;
    await database.runTogether([insert("b")]);

    await database.runTogether([insert("c")]);

    expect(await test.sql`select note from notes where note = 'c'`).toHaveLength(1);
  }
});
