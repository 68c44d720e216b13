import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "@/lib/db/database";
import { sqlStateOf } from "@/lib/db/sql-state";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { transact } from "./transaction";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.sql`create table counters (name text primary key, n int not null default 0)`;
  await test.sql`insert into counters (name) values ('a'), ('b')`;
});
afterAll(() => test.close());

const add = (tx: Db, name: string) =>
  tx.execute(sql`update counters set n = n + 1 where name = ${name}`);

it("runs a transaction that a deadlock ended once more, as a whole", async () => {
  let tries = 0;
  let meet = () => {};
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  // Each holds its first row before either asks for its second one.
  const both = (first: string, second: string) =>
    transact(test.db, async (tx) => {
      tries++;
      await add(tx, first);
      if (tries >= 2) meet();
      await met;
      await add(tx, second);
    });

  await Promise.all([both("a", "b"), both("b", "a")]);

  expect(tries).toBeGreaterThan(2);
  expect(await test.sql`select name, n from counters order by name`).toEqual([
    { name: "a", n: 2 },
    { name: "b", n: 2 },
  ]);
});

it.each([
  ["40001", 5],
  ["55P03", 5],
  ["23505", 1],
])("gives up after an error %s in %i tries", async (state, expected) => {
  let tries = 0;
  const failing = transact(test.db, async (tx) => {
    tries++;
    await tx.execute(
      sql.raw(`do $$ begin raise exception 'no' using errcode = '${state}'; end $$`),
    );
  });

  await expect(failing.catch(sqlStateOf)).resolves.toBe(state);
  expect(tries).toBe(expected);
});

it("is run again as a whole when what has joined it fails, not only that part", async () => {
  const tries = { whole: 0, part: 0 };
  const failing = transact(test.db, async (tx) => {
    tries.whole++;
    await transact(tx, async (joined) => {
      tries.part++;
      await joined.execute(sql`do $$ begin raise exception 'no' using errcode = '40001'; end $$`);
    });
  });

  await expect(failing.catch(sqlStateOf)).resolves.toBe("40001");
  expect(tries).toEqual({ whole: 5, part: 5 });
});
