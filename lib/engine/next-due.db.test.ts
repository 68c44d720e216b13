import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, startRun, TEST_ENGINE } from "@/lib/testing/engine-factories";
import { claimExecutions } from "./claim-executions";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

async function claim() {
  const { workerId } = await addWorker(test.db);
  return claimExecutions(test.db, {
    workerId,
    runner: "process",
    engine: TEST_ENGINE,
    limit: 10,
    fairSlots: 2,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
  });
}

it("tells a worker that nothing waits, so that it does not ask again at once", async () => {
  expect(await claim()).toMatchObject({ executions: [], nextDueInMs: null });
});

it("tells a worker when the next execution becomes due", async () => {
  await startRun(test.db, { later: [] }, { scheduledAt: new Date(Date.now() + 3_600_000) });

  const { executions, nextDueInMs } = await claim();

  expect(executions).toEqual([]);
  expect(nextDueInMs).toBeGreaterThan(3_000_000);
  expect(nextDueInMs).toBeLessThanOrEqual(3_600_000);
});
