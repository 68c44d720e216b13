import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, startLargeRun, TEST_ENGINE } from "@/lib/testing/engine-factories";
import { claimExecutions } from "./claim-executions";

// Rows that somebody else holds, or held.

let test: TestDatabase;
let worker: Awaited<ReturnType<typeof addWorker>>;
let executionId: string | undefined;

beforeAll(async () => {
  test = await createTestDatabase();
  worker = await addWorker(test.db);
});
beforeEach(async () => {
  await test.sql`delete from projects`;
  executionId = (await startLargeRun(test.db, { a: [] })).ids.a;
});
afterAll(() => test.close());

async function claim() {
  const claimed = await claimExecutions(test.db, {
    workerId: worker.workerId,
    runner: "process",
    engine: TEST_ENGINE,
    limit: 10,
    fairSlots: 0,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
  });
  return { ids: claimed.executions.map((each) => each.executionId), dueInMs: claimed.nextDueInMs };
}

it("a claim does not ask again at once for what another one is taking, and finds it if that gives up", async () => {
  const other = await addWorker(test.db);
  const taking = test.db.transaction(async (tx) => {
    expect(await other.claim(1, {}, tx)).toHaveLength(1);
    expect(await claim()).toEqual({ ids: [], dueInMs: null });
    // A later transaction has ended: to those that come now, the other is an earlier one that still goes on.
    await test.sql`select pg_current_xact_id()`;
    expect(await claim()).toEqual({ ids: [], dueInMs: null });
    throw new Error("given up");
  });
  await expect(taking).rejects.toThrow("given up");

  expect(await claim()).toEqual({ ids: [executionId], dueInMs: null });
});

it.each([1, 2])("a claim takes what %i others had locked until a moment ago", async (count) => {
  const others = await Promise.all(Array.from({ length: count }, () => test.sql.reserve()));
  for (const other of others) {
    await other`begin`;
    await other`select from executions where id = ${executionId ?? null} for key share`;
  }
  for (const other of others) {
    await other`commit`;
    other.release();
  }
  const [row] = await test.sql`select xmax::text from executions`;
  expect(row?.xmax).not.toBe("0");

  expect((await claim()).ids).toEqual([executionId]);
});
