import { afterAll, beforeAll, expect, it } from "vitest";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { tripCircuitBreaker } from "@/lib/engine/turn-breaker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, person, startLargeRun, TEST_ENGINE } from "@/lib/testing/engine-factories";
import { Claimer } from "./claimer";
import { WorkerDatabase } from "./worker-database";

const INTERVAL_MS = 3_600_000;

let test: TestDatabase;
let database: WorkerDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new WorkerDatabase(test.url, { name: "claimer", max: 1 });
});
afterAll(async () => {
  await database.close();
  await test.close();
});

it("looks again when the breaker of its engine is half-open, claims probes then, and does not ask in vain", async () => {
  const { workerId } = await addWorker(test.db);
  const claimed: ClaimedExecution[] = [];
  const claimer = new Claimer({
    database,
    probeDatabase: database,
    together: (statements) => database.runTogether(statements),
    workerId,
    runner: "process",
    engine: TEST_ENGINE,
    intervalMs: INTERVAL_MS,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
    freeSlots: () => 10 - claimed.length,
    onClaimed: (execution) => claimed.push(execution),
    onClaimedLate: (execution) => claimed.push(execution),
    metrics: null,
  });
  await startLargeRun(test.db, { a: [], b: [], c: [] });
  await tripCircuitBreaker(test.db, { engine: TEST_ENGINE, actor: person });

  const whileOpenMs = await claimer.poll();
  expect(claimed).toEqual([]);
  expect(whileOpenMs).toBeGreaterThan(5);
  expect(whileOpenMs).toBeLessThanOrEqual(30_000);

  await test.sql`update circuit_breakers set half_open_at = now(), opened_at = now() - interval '30 s'`;
  expect(await claimer.poll()).toBe(INTERVAL_MS);
  expect(claimed.map(({ isProbe }) => isProbe)).toEqual([true, true]);

  expect(await claimer.poll()).toBe(INTERVAL_MS);
  expect(claimed).toHaveLength(2);
});
