import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startTcpProxy } from "./testing/tcp-proxy";
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

it("is busy until what it does has ended, whether that fails at once, later or not at all", async () => {
  const ways = [
    () => {
      throw new Error("at once");
    },
    () => Promise.reject(new Error("later")),
    () => Promise.resolve(),
  ];
  for (const work of ways) {
    const done = database.run(work);
    expect(database.isBusy).toBe(true);
    await done.catch(() => {});
    expect(database.isBusy).toBe(false);
  }
});

it("leaves no transaction half done when it is cut off right after its first one has begun", async () => {
  await test.sql`truncate notes`;
  const proxy = await startTcpProxy(test.url);
  const fresh = new WorkerDatabase(proxy.through(test.url), { name: "fresh", max: 1 });
  proxy.silenceFrom(/begin\0/);
  const answers = fresh.runTogether([insert("a"), insert("b")]).catch((error: unknown) => error);

  // It hears nothing any more, but the database has been told everything.
  const notes = () => test.sql`select note from notes order by note`;
  await expect.poll(notes, { timeout: 5000 }).toEqual([{ note: "a" }, { note: "b" }]);

  await proxy.close();
  await answers;
  await fresh.close();
});
