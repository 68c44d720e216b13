import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, insertRun } from "@/lib/testing/factories";
import { newestExecutions } from "./newest-executions";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it("loses nothing where the ids of two runs that are created at once lie between each other", async () => {
  const projectId = await createProject(test.db);
  const later = (ms: number) => uuidv7({ msecs: Date.now() + ms });
  const before = await insertRun(test.db, { projectId, executions: [{ status: "COMPLETED" }] });
  const first = [later(1000), later(2000)];
  const status = "COMPLETED" as const;
  await insertRun(test.db, { projectId, executions: first.map((id) => ({ id, status })) });
  // Its own id is smaller than those of the executions of the run before.
  const second = [later(1400), later(1500)];
  await insertRun(test.db, { projectId, executions: second.map((id) => ({ id, status })) });

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { rows, end } = await newestExecutions(test.db, { projectId }, { cursor, size: 1 });
    const [row] = await test.db.execute<{ ids: string[]; end: string | null }>(sql`
      with s as materialized (${rows})
      select (select coalesce(json_agg(id order by id desc), '[]') from s) as ids, ${end} as "end"`);
    seen.push(...(row?.ids ?? []));
    cursor = row?.end ?? undefined;
  } while (cursor);

  const all = [...before.executionIds, ...first, ...second];
  expect(seen).toEqual(all.sort().reverse());
});
