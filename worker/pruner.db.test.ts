import { afterEach, beforeEach, expect, it } from "vitest";
import type { Pruned } from "@/lib/engine/prune-runs";
import { log } from "@/lib/log";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, insertRun, insertWorker } from "@/lib/testing/factories";
import { createPrunePoll } from "./pruner";
import { WorkerDatabase } from "./worker-database";

let test: TestDatabase;
let database: WorkerDatabase;
let pruned: Pruned[];

beforeEach(async () => {
  test = await createTestDatabase();
  database = new WorkerDatabase(test.url, { name: "test", max: 1 });
  pruned = [];
});
afterEach(async () => {
  await database.close();
  await test.close();
});

const createPoll = (retentionDays: number | null) =>
  createPrunePoll({ database, retentionDays, log, onPruned: (batch) => pruned.push(batch) });

/** Runs of 400 executions each that ended forty days ago. */
async function addOldRuns(count: number): Promise<void> {
  const projectId = await createProject(test.db);
  const executions = Array.from({ length: 400 }, () => ({ status: "COMPLETED" as const }));
  for (let i = 0; i < count; i++) await insertRun(test.db, { projectId, executions });
  await test.sql`
    update runs set created_at = now() - interval '41 days', finished_at = now() - interval '40 days'`;
}

it("deletes in batches with pauses between, then old workers, and rests", async () => {
  await addOldRuns(5);
  await insertWorker(test.db, { heartbeatAt: new Date(Date.now() - 40 * 86_400_000) });
  const poll = createPoll(30);

  const pauses = [await poll(), await poll(), await poll()];

  expect(pruned).toEqual([
    { runs: 2, executions: 800, more: true },
    { runs: 2, executions: 800, more: true },
    { runs: 1, executions: 400, more: false },
  ]);
  expect(pauses[0]).toBeGreaterThanOrEqual(200);
  expect(pauses[2]).toBeGreaterThan(60_000);
  expect(await test.sql`select id from runs union all select id from workers`).toEqual([]);
});

it("keeps everything where there is no limit", async () => {
  await addOldRuns(1);

  await createPoll(null)();

  expect(pruned).toEqual([]);
  expect(await test.sql`select id from runs`).toHaveLength(1);
});
