import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, startLargeRun } from "@/lib/testing/engine-factories";
import { completeAttempts } from "./complete-attempts";
import { rescueExecutions } from "./rescue-executions";

const FINISHED = 400;

let test: TestDatabase;
let worker: Awaited<ReturnType<typeof addWorker>>;

beforeAll(async () => {
  test = await createTestDatabase();
  worker = await addWorker(test.db);
  await test.sql`alter table executions set (autovacuum_enabled = off)`;
});
afterAll(() => test.close());

it.each([
  ["that the planner knows nothing of", async () => {}],
  ["that was last analyzed while all was held", analyzeHeld],
  ["that was last analyzed while it was empty", analyzeEmpty],
])("the sweep reads what is held of a table %s, and no more", async (_, prepare) => {
  await prepare();
  await finish(FINISHED);

  const first = await sweep();
  expect(first).toMatchObject({ rescued: [], others: 0 });
  expect(first.held).toBeGreaterThanOrEqual(FINISHED);
  // What a sweep finds to be gone it marks, once no transaction can see it any more.
  await expect.poll(async () => (await sweep()).held, { timeout: 10_000 }).toBeLessThan(first.held);
});

async function analyzeHeld(): Promise<void> {
  await startLargeRun(test.db, looseOf(FINISHED));
  const claimed = await worker.claim(FINISHED);
  await test.sql`analyze executions`;
  await complete(claimed);
}

async function analyzeEmpty(): Promise<void> {
  await test.sql`delete from projects`;
  await test.sql`vacuum (analyze, truncate false) executions`;
}

async function finish(count: number): Promise<void> {
  await startLargeRun(test.db, looseOf(count));
  await complete(await worker.claim(count));
}

async function complete(claimed: Awaited<ReturnType<typeof worker.claim>>): Promise<void> {
  const { result } = completed;
  const attempts = claimed.map((each) => ({ ...each, startedMsAgo: 0, result }));
  const actor = { type: "worker", id: worker.workerId } as const;
  const { executionIds } = await completeAttempts(test.db, { attempts, actor, claim: null });
  expect(executionIds.size).toBe(FINISHED);
}

const looseOf = (size: number) =>
  Object.fromEntries(Array.from({ length: size }, (_, i) => [`l${i}`, []]));

/** What a sweep rescues, how many entries it reads of the index of what is held, and how much of the table otherwise. */
function sweep() {
  return test.db.transaction(async (tx) => {
    const before = await countRead(tx);
    const rescued = await rescueExecutions(tx, { overdueSeconds: 60, actorId: "sweep" });
    const after = await countRead(tx);
    return { rescued, held: after.held - before.held, others: after.others - before.others };
  });
}

async function countRead(tx: TestDatabase["db"]) {
  const [row] = await tx.execute<{ held: number; others: number }>(`
    select sum(n) filter (where indexrelid = 'executions_held_idx'::regclass)::int as held,
      (sum(n) filter (where indexrelid <> 'executions_held_idx'::regclass)
        + pg_stat_get_xact_tuples_returned('executions'::regclass))::int as others
    from (select indexrelid, pg_stat_get_xact_tuples_returned(indexrelid) as n
      from pg_index where indrelid = 'executions'::regclass) i`);
  if (!row) throw new Error("nothing was counted");
  return row;
}
