import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { defaultBreakerPolicy } from "@/lib/domain/circuit-breaker";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { log } from "@/lib/log";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, startLargeRun } from "@/lib/testing/engine-factories";
import { Recorder } from "./recorder";
import { WorkerDatabase } from "./worker-database";

let test: TestDatabase;
let database: WorkerDatabase;
let recorder: Recorder;
let claimed: ClaimedExecution;
let isFenced: boolean;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new WorkerDatabase(test.url, { name: "recorder", max: 1 });
});
afterAll(async () => {
  await database.close();
  await test.close();
});

/** A worker's recorder without its loops, and an attempt whose command runs. */
beforeEach(async () => {
  await test.sql`delete from projects`;
  await startLargeRun(test.db, { a: [] });
  const worker = await addWorker(test.db);
  const [only] = await worker.claim();
  if (!only) throw new Error("nothing was ready");
  claimed = only;
  await worker.start(claimed);
  isFenced = false;
  recorder = new Recorder({
    databases: { hot: database, exchange: database, ordinary: database },
    actor: { type: "worker", id: worker.workerId },
    breakerPolicy: defaultBreakerPolicy,
    isFenced: () => isFenced,
    isAlone: () => true,
    exchange: {
      ask: () => null,
      take: () => {},
      drop: () => {},
      isQueueDeep: () => false,
      wake: () => {},
    },
    log,
    metrics: null,
  });
});

const readStatus = async () => (await test.sql`select status from executions`)[0]?.status;

it("writes nothing while its worker's leases may have expired, though nobody has taken them yet", async () => {
  isFenced = true;

  expect(await recorder.ended(claimed, completed)).toBe("lost");
  expect(await readStatus()).toBe("RUNNING");
});

it("looks at the fence when it writes, not when it is told", async () => {
  const ended = recorder.ended(claimed, completed);
  isFenced = true;

  expect(await ended).toBe("lost");
  expect(await readStatus()).toBe("RUNNING");
});

it("writes what its worker still holds", async () => {
  expect(await recorder.ended(claimed, completed)).toBe("recorded");
  expect(await readStatus()).toBe("COMPLETED");
});
