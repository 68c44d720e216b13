import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { findViolations } from "@/lib/testing/invariants";
import { loadDashboard } from "./dashboard";
import { loadOthers } from "./others";

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

it("writes waiting, blocked and finished executions that the engine could have left", async () => {
  await loadOthers(test, 3000);

  const rows = await test.sql`
    select status, due_at > now() as later, count(*)::int as n from executions group by 1, 2 order by 1`;
  expect(rows).toEqual([
    { status: "PENDING", later: false, n: 1000 },
    { status: "SCHEDULED", later: true, n: 1000 },
    { status: "COMPLETED", later: false, n: 1000 },
  ]);
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
});

it("writes a dashboard of executions of every status that the engine could have left", async () => {
  await loadDashboard(test, { scale: 0.02 });

  const [row] = await test.sql`
    select count(distinct status)::int as statuses, count(distinct project_id)::int as projects from executions`;
  expect(row).toEqual({ statuses: 10, projects: 5 });
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
});
