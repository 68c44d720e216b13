import { afterAll, beforeAll, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import { heldSettings } from "@/lib/db/prepared";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, startLargeRun } from "@/lib/testing/engine-factories";
import { completeAttempts } from "./complete-attempts";
import { extendLeases } from "./extend-leases";
import { rescueExecutions } from "./rescue-executions";

const FINISHED = 400;

let test: TestDatabase;
/** As a worker connects for its heartbeats. */
let heartbeat: ReturnType<typeof createDbClient>;
let worker: Awaited<ReturnType<typeof addWorker>>;

beforeAll(async () => {
  test = await createTestDatabase();
  heartbeat = createDbClient(test.url, { name: "heartbeat", max: 1, settings: heldSettings });
  worker = await addWorker(test.db);
  await test.sql`alter table executions set (autovacuum_enabled = off)`;
});
afterAll(async () => {
  await heartbeat.close();
  await test.close();
});

it.each([
  ["that the planner knows nothing of", async () => {}],
  ["that was last analyzed while all was held", analyzeHeld],
  ["that was last analyzed while it was empty", analyzeEmpty],
])("the sweep reads what is held of a table %s, and no more", async (_, prepare) => {
  await prepare();
  await finish();
  const sweep = () =>
    countRead(test.db, async (tx) => {
      expect(await rescueExecutions(tx, { overdueSeconds: 60, actorId: "sweep" })).toEqual([]);
    });

  const first = await sweep();
  expect(first.others).toBe(0);
  expect(first.held).toBeGreaterThanOrEqual(FINISHED);
  await expectFewer(first.held, sweep);
});

it("a heartbeat steps once over what its worker held before", async () => {
  await analyzeEmpty();
  await finish();
  const { workerId } = worker;
  const beat = () =>
    countRead(heartbeat.db, async (tx) => {
      const { leases } = await extendLeases(tx, { workerId, leases: [], leaseSeconds: 30 });
      expect(leases).toEqual([]);
    });

  const first = await beat();
  expect(first.held).toBeGreaterThanOrEqual(FINISHED);
  await expectFewer(first.held, beat);
});

/** What is found to be gone is marked, once no transaction can see it any more. */
async function expectFewer(held: number, again: () => Promise<{ held: number }>): Promise<void> {
  await expect.poll(async () => (await again()).held, { timeout: 10_000 }).toBeLessThan(held);
}

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

async function finish(): Promise<void> {
  await startLargeRun(test.db, looseOf(FINISHED));
  await complete(await worker.claim(FINISHED));
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

/** How many entries `work` reads of the index of what is held, and how much of the executions otherwise. */
function countRead(db: Db, work: (tx: Db) => Promise<void>) {
  return db.transaction(async (tx) => {
    const before = await readCounters(tx);
    await work(tx);
    const after = await readCounters(tx);
    return { held: after.held - before.held, others: after.others - before.others };
  });
}

async function readCounters(tx: Db) {
  const [row] = await tx.execute<{ held: number; others: number }>(`
    select sum(n) filter (where indexrelid = 'executions_held_idx'::regclass)::int as held,
      (sum(n) filter (where indexrelid <> 'executions_held_idx'::regclass)
        + pg_stat_get_xact_tuples_returned('executions'::regclass))::int as others
    from (select indexrelid, pg_stat_get_xact_tuples_returned(indexrelid) as n
      from pg_index where indrelid = 'executions'::regclass) i`);
  if (!row) throw new Error("nothing was counted");
  return row;
}
