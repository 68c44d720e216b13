import { afterEach, beforeEach, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import { hotSettings } from "@/lib/db/prepared";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, startLargeRun, TEST_ENGINE } from "@/lib/testing/engine-factories";
import { type ClaimedExecution, claimExecutions } from "./claim-executions";
import { completeAttempts } from "./complete-attempts";
import { startAttempts } from "./start-attempts";

// Statements of the hot path are planned once, for tables as they were then.

let test: TestDatabase;
/** As workers connect. */
let hot: ReturnType<typeof createDbClient>;
let worker: Awaited<ReturnType<typeof addWorker>>;

beforeEach(async () => {
  test = await createTestDatabase();
  hot = createDbClient(test.url, { name: "hot", max: 1, settings: hotSettings });
  worker = await addWorker(test.db);
});
afterEach(async () => {
  await hot.close();
  await test.close();
});

it.each([
  ["new", false],
  ["vacuumed while it was empty", true],
])("reads no more when the table, then %s, has grown since", async (_, isVacuumed) => {
  if (isVacuumed) await fillAndEmpty();
  await readMost();

  const { runId } = await startLargeRun(test.db, chainOf(1000));
  await test.sql`update executions set due_at = now() + interval '1 day' where run_id = ${runId}`;
  await startLargeRun(test.db, looseOf(380));
  for (let i = 0; i < 120; i++) await startLargeRun(test.db, looseOf(1));
  expect(await worker.claim(500)).toHaveLength(500);

  expect(await readMost()).toBeLessThan(100);
});

const chainOf = (size: number) =>
  Object.fromEntries(Array.from({ length: size }, (_, i) => [`t${i}`, i ? [`t${i - 1}`] : []]));

const looseOf = (size: number) =>
  Object.fromEntries(Array.from({ length: size }, (_, i) => [`l${i}`, []]));

/** Leaves tables that kept their pages, of which the planner believes that they will stay empty. */
async function fillAndEmpty(): Promise<void> {
  await startLargeRun(test.db, chainOf(200));
  for (const each of await worker.claim(10)) {
    const attempts = [{ ...each, startedMsAgo: 0, result: completed.result }];
    await completeAttempts(test.db, { attempts, actor: actor(), claim: null });
  }
  await test.sql`delete from projects`;
  await test.sql`vacuum (truncate false)`;
  const [row] = await test.sql`
    select count(*)::int as n from pg_class where relname in ('executions', 'attempts') and reltuples = 0 and relpages > 0`;
  expect(row?.n).toBe(2);
}

/** The most that any statement of the hot path reads for one execution. */
async function readMost(): Promise<number> {
  const reads = [
    ...(await readsOfOne({ onlyReleased: false, isStarted: true })),
    ...(await readsOfOne({ onlyReleased: true, isStarted: false })),
  ];
  return Math.max(...reads);
}

/** What is read for one execution by its claim, its start, if that is recorded by itself, and its completion. */
async function readsOfOne(way: { onlyReleased: boolean; isStarted: boolean }): Promise<number[]> {
  await startLargeRun(test.db, { a: [], b: ["a"] });
  const claimed: ClaimedExecution[] = [];
  const reads = [
    await countRead(async (tx) => {
      claimed.push(...(await claimExecutions(tx, claimInput(1))).executions);
    }),
  ];
  const [first] = claimed;
  if (!first) throw new Error("nothing was claimed");
  const attempt = { ...first, startedMsAgo: 0 };
  if (way.isStarted)
    reads.push(
      await countRead(async (tx) => {
        const started = await startAttempts(tx, { attempts: [attempt], actor: actor() });
        expect(started.size).toBe(1);
      }),
    );
  const { result } = completed;
  const attempts = [{ ...attempt, startedMsAgo: way.isStarted ? null : 0, result }];
  reads.push(
    await countRead(async (tx) => {
      const claim = claimInput(5, way.onlyReleased);
      const { claim: next } = await completeAttempts(tx, { attempts, actor: actor(), claim });
      expect(next.executions.map(({ taskKey }) => taskKey)).toEqual(["b"]);
    }),
  );
  return reads;
}

const actor = () => ({ type: "worker", id: worker.workerId }) as const;

const claimInput = (limit: number, onlyReleased = false) => ({
  workerId: worker.workerId,
  runner: "process",
  engine: TEST_ENGINE,
  limit,
  fairSlots: 0,
  starvationBoundSeconds: 600,
  leaseSeconds: 30,
  onlyReleased,
});

/** How many entries of indexes `work` reads. */
function countRead(work: (tx: TestDatabase["db"]) => Promise<void>): Promise<number> {
  return hot.db.transaction(async (tx) => {
    const before = await countEntries(tx);
    await work(tx);
    return (await countEntries(tx)) - before;
  });
}

/**
 * Entries of the indexes of what the hot path reads that a transaction has read. In that of the queue, claims leave entries
 * behind that are stepped over until somebody may remove them.
 */
async function countEntries(tx: TestDatabase["db"]): Promise<number> {
  const [row] = await tx.execute<{ n: number }>(`
    select sum(pg_stat_get_xact_tuples_returned(indexrelid))::int as n from pg_index
    where indrelid::regclass::text in ('executions', 'attempts', 'runs', 'execution_dependencies')
      and indexrelid::regclass::text <> 'executions_claim_idx'`);
  return row?.n ?? Number.NaN;
}
