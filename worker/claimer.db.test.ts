import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Claim, ClaimedExecution } from "@/lib/engine/claim-executions";
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

async function createClaimer({ slots = 10, exchange = database, otherWorkers = 0 } = {}) {
  const { workerId } = await addWorker(test.db);
  const claimed: ClaimedExecution[] = [];
  const claimer = new Claimer({
    databases: { hot: database, exchange, ordinary: database },
    workerId,
    runner: "process",
    engine: TEST_ENGINE,
    intervalMs: INTERVAL_MS,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
    otherWorkers: () => otherWorkers,
    freeSlots: () => slots - claimed.length,
    onClaimed: (execution) => claimed.push(execution),
    onClaimedLate: (execution) => claimed.push(execution),
    metrics: null,
  });
  /** Whether a claim that goes along with completions would pass over the queue. */
  const passesQueue = () => {
    const ask = claimer.askAlong();
    if (ask) claimer.drop(ask);
    return ask?.onlyReleased;
  };
  return { claimer, claimed, passesQueue };
}

/** An execution as a claim returns it. */
async function claimOne(): Promise<ClaimedExecution[]> {
  await startLargeRun(test.db, { a: [] });
  const { claimer, claimed } = await createClaimer({ slots: 1 });
  await claimer.poll();
  await test.sql`delete from projects`;
  return claimed;
}

const nothing: Claim = {
  executions: [],
  fromQueue: 0,
  leftOver: 0,
  nextDueInMs: null,
  halfOpenInMs: null,
  pools: "none",
};

describe("a claim that goes along with completions", () => {
  it("looks at the queue until a look has found nothing, and again once something may wait", async () => {
    const { claimer, passesQueue } = await createClaimer();
    expect(passesQueue()).toBe(false);

    await claimer.poll();
    expect(passesQueue()).toBe(true);

    claimer.notice();
    expect(passesQueue()).toBe(false);
  });

  it("looks when something came to wait while the last look was on its way", async () => {
    const { claimer, passesQueue } = await createClaimer();
    const polled = claimer.poll();
    claimer.notice();
    await polled;
    expect(passesQueue()).toBe(false);
  });

  it("is followed by a look at once when something came to wait while it had the slots", async () => {
    const { claimer } = await createClaimer();
    await claimer.poll();
    const along = claimer.askAlong();
    expect(along?.onlyReleased).toBe(true);
    claimer.notice();
    expect(await claimer.poll()).toBe(INTERVAL_MS);
    expect(along && claimer.take(along, nothing)).toBe(0);
    expect(await claimer.poll()).toBe(INTERVAL_MS);
  });

  it("looks from the moment on at which something becomes due", async () => {
    const { claimer, passesQueue } = await createClaimer();
    const [first, second] = [claimer.ask(), claimer.ask()];
    if (!first || second) throw new Error("ten slots were not ten");
    claimer.take(first, { ...nothing, nextDueInMs: 40 });
    expect(passesQueue()).toBe(true);
    await expect.poll(passesQueue).toBe(false);
  });

  it.each<[string, Partial<Claim>]>([
    ["its breaker is not closed", { halfOpenInMs: 1000 }],
    ["something in a pool is due", { pools: "full" }],
    ["a claim that looks at pools is to follow", { pools: "needed" }],
  ])("looks while %s", async (_, answer) => {
    const { claimer, passesQueue } = await createClaimer();
    const ask = claimer.ask();
    if (ask) claimer.take(ask, { ...nothing, ...answer });
    expect(passesQueue()).toBe(false);
  });

  it("looks while there was more than it could take", async () => {
    const { claimer, claimed, passesQueue } = await createClaimer({ slots: 2 });
    await startLargeRun(test.db, { a: [], b: [], c: [] });
    await claimer.poll();
    expect(claimed).toHaveLength(2);
    claimed.length = 0;
    expect(passesQueue()).toBe(false);
    await test.sql`delete from projects`;
  });

  it("is not made while the queue is deep: its own goes beside them", async () => {
    const names = Array.from({ length: 850 }, (_, i) => `t${i}`);
    await startLargeRun(test.db, Object.fromEntries(names.map((name) => [name, []])));
    const exchange = new WorkerDatabase(test.url, { name: "claimer beside", max: 1 });
    const { claimer, claimed } = await createClaimer({ slots: 200, exchange });
    const takeMore = async () => {
      const before = new Date().toISOString();
      claimed.length = 0;
      await claimer.poll();
      const count = claimed.length;
      claimed.length = 0;
      const ask = claimer.askAlong();
      if (ask) claimer.drop(ask);
      const wentThere = await test.sql`
        select from pg_stat_activity where application_name = 'dagline claimer beside' and query_start > ${before}`;
      return { count, goesAlong: ask !== null, isBeside: wentThere.length === 0 };
    };

    expect(await takeMore()).toEqual({ count: 200, goesAlong: true, isBeside: false });
    expect(await takeMore()).toEqual({ count: 200, goesAlong: false, isBeside: false });
    expect(await takeMore()).toEqual({ count: 200, goesAlong: false, isBeside: true });
    let end = () => {};
    const completing = database.run(() => new Promise<void>((resolve) => (end = resolve)));
    expect(await takeMore()).toEqual({ count: 200, goesAlong: false, isBeside: false });
    end();
    await completing;
    expect(await takeMore()).toEqual({ count: 50, goesAlong: true, isBeside: true });
    await exchange.close();
    await test.sql`delete from projects`;
  });

  it.each([
    { limit: 100, fromQueue: [100, 100], goesAlong: false },
    { limit: 300, fromQueue: [100, 100], goesAlong: false },
    { limit: 300, fromQueue: [300, 99], goesAlong: true },
    { limit: 300, fromQueue: [99, 300], goesAlong: true },
    { limit: 99, fromQueue: [99, 99], goesAlong: true },
    { limit: 300, taken: 299, fromQueue: [299, 299], goesAlong: true },
    { limit: 300, fromQueue: [0, 0], leftOver: 100, goesAlong: false },
    { limit: 300, fromQueue: [0, 0], leftOver: 99, goesAlong: true },
    { limit: 300, taken: 299, fromQueue: [0, 0], leftOver: 100, goesAlong: true },
  ])(
    "is made again, or not, after claims that say $limit, $taken, $fromQueue, $leftOver",
    async (said) => {
      const { limit, taken = limit, fromQueue, leftOver = 0, goesAlong } = said;
      const { claimer, claimed } = await createClaimer({ slots: limit });
      const [execution] = await claimOne();
      if (!execution) throw new Error("nothing was claimed");
      const executions = Array.from({ length: taken }, () => execution);
      for (const each of fromQueue) {
        const ask = claimer.ask();
        if (!ask) throw new Error("no slot is free");
        claimer.take(ask, { ...nothing, executions, fromQueue: each, leftOver });
        claimed.length = 0;
      }

      expect(claimer.askAlong() !== null).toBe(goesAlong);
    },
  );

  it("does not take its own short look for one at the queue", async () => {
    const { claimer, passesQueue } = await createClaimer();
    const long = claimer.ask();
    if (long) claimer.take(long, { ...nothing, nextDueInMs: 40 });
    const short = claimer.askAlong();
    expect(short?.onlyReleased).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (short) claimer.take(short, nothing);
    expect(passesQueue()).toBe(false);
  });
});

describe("a claim of its own", () => {
  it.each([
    { otherWorkers: 0, first: 500 },
    { otherWorkers: 1, first: 250 },
    { otherWorkers: 3, first: 125 },
    { otherWorkers: 50, first: 100 },
  ])(
    "takes no more than its share beside $otherWorkers others, until the queue is known to be deep",
    async ({ otherWorkers, first }) => {
      const { claimer, claimed } = await createClaimer({ slots: 1000, otherWorkers });
      const [execution] = await claimOne();
      if (!execution) throw new Error("nothing was claimed");
      const takes = (count: number) => {
        const ask = claimer.ask();
        if (!ask) throw new Error("no slot is free");
        const executions = Array.from({ length: count }, () => execution);
        claimer.take(ask, { ...nothing, executions, fromQueue: count });
        claimed.length = 0;
        return ask.limit;
      };

      expect(takes(first)).toBe(first);
      expect(takes(500)).toBe(500);
      expect(takes(499)).toBe(500);
      expect(takes(0)).toBe(first);
      expect(claimer.askAlong()?.limit).toBe(first);
    },
  );

  it("goes where completions go while none is on its way, and elsewhere while one is held up", async () => {
    await test.sql`delete from projects`;
    const { runId } = await startLargeRun(test.db, { a: [], b: [] });
    const exchange = new WorkerDatabase(test.url, { name: "claimer exchange", max: 1 });
    const { claimer, claimed } = await createClaimer({ slots: 1, exchange });
    const claims = () => test.sql<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity
      where application_name = 'dagline claimer exchange' and query like '%lease_token%'`;

    await claimer.poll();
    expect(claimed).toHaveLength(1);
    expect(await claims()).toEqual([{ n: 1 }]);

    claimed.length = 0;
    let isHeldUp = true;
    let heldUp: Promise<unknown> | undefined;
    await test.sql.begin(async (tx) => {
      await tx`select from runs where id = ${runId} for update`;
      heldUp = exchange
        .run((db) => db.execute(sql`select from runs where id = ${runId} for update`))
        .then(() => {
          isHeldUp = false;
        });
      await claimer.poll();
      expect(claimed).toHaveLength(1);
      expect(isHeldUp).toBe(true);
    });
    await heldUp;
    await exchange.close();
    await test.sql`delete from projects`;
  });
});

it("looks again when the breaker of its engine is half-open, claims probes then, and does not ask in vain", async () => {
  const { claimer, claimed } = await createClaimer();
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
