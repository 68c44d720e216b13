import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createDbClient } from "./client";
import { runTogether } from "./run-together";

let test: TestDatabase;
let single: ReturnType<typeof createDbClient>;

beforeAll(async () => {
  test = await createTestDatabase();
  single = createDbClient(test.url, { name: "single", max: 1 });
  await test.sql`create table notes (note text primary key, at timestamptz default now())`;
});
beforeEach(() => test.sql`truncate notes`);
afterAll(async () => {
  await single.close();
  await test.close();
});

const insert = (note: string) => sql`insert into notes values (${note}) returning note`;
const notes = async () => (await test.sql`select note from notes order by note`).map((r) => r.note);

it("gives the rows of each statement, all of one transaction", async () => {
  const answers = await runTogether(single.sql, [insert("a"), insert("b")]);

  expect(answers.map((a) => a.status === "fulfilled" && [...a.value])).toEqual([
    [{ note: "a" }],
    [{ note: "b" }],
  ]);
  expect(await test.sql`select count(distinct at)::int as n from notes`).toMatchObject([{ n: 1 }]);
});

it.each([
  ["first", ["a", "a"]],
  ["last", ["b", "c", "b"]],
])("stores nothing and says so of each when the %s fails", async (_, texts) => {
  const answers = await runTogether(single.sql, texts.map(insert));

  expect(answers.map(({ status }) => status)).toEqual(texts.map(() => "rejected"));
  expect(await notes()).toEqual([]);
});

it("keeps two that are sent at once apart", async () => {
  const [failed, stored] = await Promise.all([
    runTogether(single.sql, [insert("a"), insert("a")]),
    runTogether(single.sql, [insert("b"), insert("c")]),
  ]);

  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(stored.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect(await notes()).toEqual(["b", "c"]);
});
