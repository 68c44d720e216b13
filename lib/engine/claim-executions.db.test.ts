import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import { hotSettings } from "@/lib/db/prepared";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addProject,
  addWorker,
  completed,
  person,
  startLargeRun,
  TEST_ENGINE,
} from "@/lib/testing/engine-factories";
import { createPool } from "@/lib/testing/factories";
import { findViolations } from "@/lib/testing/invariants";
import { cancelRun } from "./cancel-run";
import { claimExecutions } from "./claim-executions";
import { extendLeases } from "./extend-leases";
import { recordAttempts } from "./record-attempts";
import { rescueExecutions } from "./rescue-executions";

const MANY = 8000;

let test: TestDatabase;
/** As workers connect. */
let hot: ReturnType<typeof createDbClient>;
let worker: Awaited<ReturnType<typeof addWorker>>;

const keys = (n: number) => Array.from({ length: n }, (_, i) => `t${i}`);
const loose = (n: number) => Object.fromEntries(keys(n).map((key) => [key, []]));

let projectId: string;
const start = (n: number, pool: string) =>
  startLargeRun(test.db, loose(n), { projectId, overrides: { pool } });

/** Thousands of rows that are blocked, due later, over or in a full pool, and a few that are ready. */
beforeAll(async () => {
  test = await createTestDatabase();
  hot = createDbClient(test.url, { name: "hot", max: 1, settings: hotSettings });
  worker = await addWorker(test.db);
  const later = await startLargeRun(test.db, loose(MANY));
  await test.sql`update executions set due_at = now() + interval '1 day' where run_id = ${later.runId}`;
  const over = await startLargeRun(test.db, loose(MANY));
  await cancelRun(test.db, { runId: over.runId, force: false, actor: person });
  await startLargeRun(
    test.db,
    Object.fromEntries(keys(MANY).map((key, i) => [key, i ? ["t0"] : []])),
  );
  projectId = await addProject(test.db);
  await createPool(test.db, { projectId, name: "full", slots: 2 });
  await createPool(test.db, { projectId, name: "free", slots: 5 });
  await start(MANY, "full");
  await worker.claim();
  await startLargeRun(test.db, loose(300));
  await test.sql`update executions set priority = abs(hashtext(id::text)) % 4`;
}, 120_000);
afterAll(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await hot.close();
  await test.close();
});

type Reads = { scanned: number; fetched: number; entries: number };

/** Rows of `executions` that some work reads, by whole-table scans and through indexes, and entries of its indexes. */
async function countReads(work: (tx: Db) => Promise<unknown>): Promise<Reads> {
  return hot.db.transaction(async (tx) => {
    const before = await readCounters(tx);
    await work(tx);
    const after = await readCounters(tx);
    return {
      scanned: after.scanned - before.scanned,
      fetched: after.fetched - before.fetched,
      entries: after.entries - before.entries,
    };
  });
}

/** What this session has read, including what it did shortly before. */
async function readCounters(tx: Db): Promise<Reads> {
  const [row] = await tx.execute<Reads>(`
    select seq_tup_read::int as scanned, idx_tup_fetch::int as fetched,
      (select sum(pg_stat_get_xact_tuples_returned(indexrelid))::int from pg_index
        where indrelid = 'executions'::regclass) as entries
    from pg_stat_xact_user_tables where relname = 'executions'`);
  if (!row) throw new Error("There are no counters of the table executions.");
  return row;
}

const input = () => ({
  workerId: worker.workerId,
  runner: "process",
  engine: TEST_ENGINE,
  limit: 10,
  fairSlots: 2,
  starvationBoundSeconds: 600,
  leaseSeconds: 30,
});

describe("among many rows that are blocked, due later, over or in a full pool", () => {
  it.each([
    ["does not know", () => Promise.resolve()],
    ["knows", () => test.sql`analyze`],
  ])(
    "the claim reads little more than it takes when the planner %s of them",
    async (_, prepare) => {
      await prepare();
      // A plan for any parameters is tried after five calls.
      for (let calls = 0; calls < 7; calls++) {
        const { scanned, fetched, entries } = await countReads(async (tx) => {
          expect((await claimExecutions(tx, input())).executions).toHaveLength(10);
        });
        expect(scanned).toBe(0);
        expect(fetched).toBeLessThan(200);
        // While anybody can still see them, what earlier calls took is met again by each of its scans.
        expect(entries).toBeLessThan(700);
      }
    },
  );

  it("so does the claim that takes from a pool", async () => {
    const { runId } = await start(20, "free");
    await test.sql`update executions set priority = 3, due_at = now() - interval '1 hour' where run_id = ${runId}`;

    const { scanned, fetched, entries } = await countReads(async (tx) => {
      expect((await claimExecutions(tx, input())).executions).toHaveLength(10);
    });

    expect(scanned).toBe(0);
    expect(fetched).toBeLessThan(700);
    expect(entries).toBeLessThan(1500);
    const held = await test.sql`select from executions e join pools p on p.id = e.pool_id
      where p.name = 'free' and lease_token is not null`;
    expect(held).toHaveLength(5);
  });

  it("so does everything a worker does all the time", async () => {
    const [claimed] = await worker.claim(1);
    if (!claimed) throw new Error("nothing was claimed");
    const { workerId } = worker;
    const works: Record<string, (tx: Db) => Promise<unknown>> = {
      heartbeat: (tx) => extendLeases(tx, { workerId, leases: [claimed], leaseSeconds: 30 }),
      sweep: (tx) => rescueExecutions(tx, { overdueSeconds: 40, actorId: "sweep" }),
      record: (tx) =>
        recordAttempts(tx, {
          reports: [{ ...claimed, startedMsAgo: 1, end: completed }],
          actor: { type: "worker", id: workerId },
        }),
    };
    for (const [name, work] of Object.entries(works)) {
      const { scanned, fetched } = await countReads(work);
      expect({ name, scanned }).toEqual({ name, scanned: 0 });
      expect({ name, isFrugal: fetched < 400 }).toEqual({ name, isFrugal: true });
    }
  });
});

it("does not wait for rows that another worker is taking", async () => {
  const other = await addWorker(test.db);
  await test.db.transaction(async (tx) => {
    const mine = await worker.claim(5, {}, tx);
    const theirs = await other.claim(5);
    expect(mine).toHaveLength(5);
    expect(theirs).toHaveLength(5);
  });
});
