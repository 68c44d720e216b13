import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelRun } from "@/lib/engine/cancel-run";
import { countReads } from "@/lib/testing/count-reads";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, person, startLargeRun } from "@/lib/testing/engine-factories";
import { insertWorker } from "@/lib/testing/factories";
import { readSystemMetrics, type SystemMetrics } from "./metrics";

/** Enough for a scan to be noticed. */
const MANY = 4000;

let test: TestDatabase;

const loose = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, []]));
const blocked = (n: number) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, i ? ["t0"] : []]));

/** Thousands of executions that are over, a thousand that wait for one, and a few that are ready, run or are due later. */
beforeAll(async () => {
  test = await createTestDatabase();
  const { db, sql } = test;
  const over = await startLargeRun(db, loose(MANY));
  await cancelRun(db, { runId: over.runId, force: false, actor: person });
  const gone = await addWorker(db);
  await startLargeRun(db, blocked(1000));
  await gone.claim(1);
  await sql`update executions set lease_expires_at = now() - interval '1 s' where lease_token is not null`;
  await sql`update workers set heartbeat_at = now() - interval '10 minutes'`;
  const worker = await addWorker(db);
  await startLargeRun(db, loose(7));
  await worker.claim(2);
  const urgent = await startLargeRun(db, loose(3));
  await sql`update executions set priority = 3, due_at = now() - interval '2 h', ready_at = now() - interval '90 s'
    where run_id = ${urgent.runId}`;
  const later = await startLargeRun(db, loose(4));
  await sql`update executions set due_at = now() + interval '1 h' where run_id = ${later.runId}`;
  await insertWorker(db, { drainingAt: new Date() });
  await insertWorker(db, { stoppedAt: new Date() });
  await insertWorker(db, { heartbeatAt: new Date(Date.now() - 3 * 86_400_000), id: uuidv7() });
}, 120_000);

afterAll(() => test.close());

describe("the metrics of the system", () => {
  it("are the numbers of what is not over", async () => {
    const metrics = await readSystemMetrics(test.db, { aliveWithinSeconds: 30 });
    expect(counts(metrics.executions)).toEqual({
      PENDING: 999,
      SCHEDULED: 12,
      PREPARING: 3,
      RUNNING: 0,
      PAUSED: 0,
      RETRYING: 0,
    });
    expect(counts(metrics.runs)).toEqual({ SCHEDULED: 4, RUNNING: 0, PAUSED: 0 });
    expect(metrics.queue).toEqual([
      { priority: "LOW", count: 0, oldestSeconds: 0 },
      { priority: "MEDIUM", count: 5, oldestSeconds: expect.any(Number) },
      { priority: "HIGH", count: 0, oldestSeconds: 0 },
      { priority: "CRITICAL", count: 3, oldestSeconds: expect.any(Number) },
    ]);
    const critical = metrics.queue.at(-1)?.oldestSeconds ?? 0;
    expect(critical).toBeGreaterThanOrEqual(90);
    expect(critical).toBeLessThan(3600);
    expect(new Set(metrics.workers)).toEqual(
      new Set([
        { state: "alive", count: 1, slots: 10, slotsUsed: 2 },
        { state: "draining", count: 1, slots: 2, slotsUsed: 0 },
        { state: "missing", count: 1, slots: 10, slotsUsed: 1 },
      ]),
    );
    expect(metrics.expiredLeases).toBe(1);
  });

  it.each([
    ["does not know", () => Promise.resolve()],
    ["knows", () => test.sql`analyze`],
  ])(
    "are read through indexes, whatever is over, when the planner %s the tables",
    async (_, prepare) => {
      await prepare();
      for (let calls = 0; calls < 7; calls++) {
        const { scanned, fetched } = await countReads(test.db, (tx) => readSystemMetrics(tx));
        expect(scanned).toBe(0);
        expect(fetched).toBeLessThan(MANY / 2);
      }
    },
  );
});

const counts = (rows: SystemMetrics["executions"]) =>
  Object.fromEntries(rows.map(({ status, count }) => [status, count]));
