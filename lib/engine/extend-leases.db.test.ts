import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { extendLeases } from "./extend-leases";
import { rescueExecutions } from "./rescue-executions";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.sql`delete from projects`;
});
afterAll(() => test.close());

async function startClaimed() {
  await startRun(test.db, { a: [] });
  const worker = await addWorker(test.db);
  const [claimed] = await worker.claim(1);
  if (!claimed) throw new Error("nothing was claimed");
  await worker.start(claimed);
  return { worker, claimed };
}

it("a heartbeat cannot bring back a lease that the sweep has ended", async () => {
  const { worker, claimed } = await startClaimed();
  await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${claimed.executionId}`;
  await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" });
  const leases = [claimed];
  const answer = await extendLeases(test.db, {
    workerId: worker.workerId,
    leases,
    leaseSeconds: 30,
  });
  expect(answer).toMatchObject({ leases: [{ state: "lost" }], strays: [] });
});

it("a heartbeat knows how many other workers live", async () => {
  const { worker } = await startClaimed();
  const { workerId } = worker;
  const countOthers = async () =>
    (await extendLeases(test.db, { workerId, leases: [], leaseSeconds: 30 })).others;
  await test.sql`update workers set heartbeat_at = now() - interval '31 s' where id <> ${workerId}`;
  expect(await countOthers()).toBe(0);

  const other = await addWorker(test.db);
  await addWorker(test.db);
  expect(await countOthers()).toBe(2);

  await test.sql`update workers set stopped_at = now() where id = ${other.workerId}`;
  expect(await countOthers()).toBe(1);
});

it("a heartbeat finds what is held in its worker's name and was not named, and extends no lease of that", async () => {
  const { worker, claimed } = await startClaimed();
  const { executionId, runId, attempt, leaseToken } = claimed;
  const beat = () =>
    extendLeases(test.db, { workerId: worker.workerId, leases: [], leaseSeconds: 30 });
  expect(await beat()).toMatchObject({ leases: [], strays: [] });

  await test.sql`update executions set lease_expires_at = now() + interval '20 s' where id = ${executionId}`;

  const stray = { executionId, runId, attempt, leaseToken, isProbe: false };
  expect(await beat()).toMatchObject({ leases: [], strays: [stray] });
  const [row] = await test.sql`
    select lease_expires_at < now() + interval '21 s' as runs_out from executions where id = ${executionId}`;
  expect(row?.runs_out).toBe(true);
});
