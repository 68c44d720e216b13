import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { defaultBreakerPolicy } from "@/lib/domain/circuit-breaker";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { log } from "@/lib/log";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, startLargeRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { Recorder } from "./recorder";
import { WorkerDatabase } from "./worker-database";

let test: TestDatabase;
let exchange: WorkerDatabase;
let hot: WorkerDatabase;
let ordinary: WorkerDatabase;
let isQueueDeep: boolean;
let isAlone: boolean;
/** The sizes of the batches. */
let batches: number[];

beforeAll(async () => {
  test = await createTestDatabase();
  ordinary = new WorkerDatabase(test.url, { name: "batches", max: 2 });
});
beforeEach(() => {
  exchange = new WorkerDatabase(test.url, { name: "batches exchange", max: 1 });
  hot = new WorkerDatabase(test.url, { name: "batches hot", max: 1 });
  isQueueDeep = false;
  isAlone = true;
  batches = [];
});
afterEach(async () => {
  await exchange.close();
  await hot.close();
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  await test.sql`delete from projects`;
});
afterAll(async () => {
  await ordinary.close();
  await test.close();
});

/** Runs with so many executions each, all claimed by one worker, and its recorder. */
async function prepare(...sizes: number[]) {
  const worker = await addWorker(test.db);
  const claimed: ClaimedExecution[][] = [];
  for (const size of sizes) {
    const names = Array.from({ length: size }, (_, i) => `t${i}`);
    await startLargeRun(test.db, Object.fromEntries(names.map((name) => [name, []])));
    claimed.push(await worker.claim(size));
  }
  const recorder = new Recorder({
    databases: { hot, exchange, ordinary },
    actor: { type: "worker", id: worker.workerId },
    breakerPolicy: defaultBreakerPolicy,
    isFenced: () => false,
    isAlone: () => isAlone,
    exchange: {
      ask: (leaseTokens) => {
        batches.push(leaseTokens.length);
        return null;
      },
      take: () => {},
      drop: () => {},
      isQueueDeep: () => isQueueDeep,
      wake: () => {},
    },
    log,
    metrics: null,
  });
  const complete = async (executions: readonly ClaimedExecution[]) => {
    const ends = executions.map((each) => {
      void recorder.started(each);
      return recorder.ended(each, completed);
    });
    expect(new Set(await Promise.all(ends))).toEqual(new Set(["recorded"]));
  };
  return { claimed, complete };
}

/** Holds what every completion of these executions begins with, until it is let go. */
async function holdRuns(...executions: readonly (ClaimedExecution | undefined)[]) {
  const runIds = `{${executions.map((each) => each?.runId).join(",")}}`;
  const tx = await test.sql.reserve();
  await tx`begin`;
  await tx`select from runs where id = any(${runIds}::uuid[]) for update`;
  return async () => {
    await tx`rollback`;
    tx.release();
  };
}

/** The connections of the recorder that wait for a lock. */
async function waiting(): Promise<string[]> {
  const rows = await test.sql<{ name: string }[]>`
    select application_name as name from pg_stat_activity
    where datname = current_database() and application_name like 'dagline batches%' and wait_event_type = 'Lock'
    order by 1`;
  return rows.map(({ name }) => name);
}

async function connectionsOf(name: string): Promise<number> {
  const rows = await test.sql`
    select from pg_stat_activity where datname = current_database() and application_name = ${name}`;
  return rows.length;
}

describe("completions of many runs", () => {
  it("go in two halves at the same time", async () => {
    const { claimed, complete } = await prepare(...Array.from({ length: 200 }, () => 1));
    const all = claimed.flat();
    const letGo = await holdRuns(all[0], all.at(-1));

    const done = complete(all);
    await vi.waitFor(
      async () =>
        expect(await waiting()).toEqual(["dagline batches exchange", "dagline batches hot"]),
      { timeout: 10_000 },
    );
    await letGo();
    await done;

    expect(batches).toEqual([100, 100]);
  });

  it("are halved between runs, not within one", async () => {
    const { claimed, complete } = await prepare(80, 80, 80);
    await complete(claimed.flat());
    expect(batches).toEqual([160, 80]);
  });

  it("go together while the queue is deep, since a claim goes beside them, and when they are few", async () => {
    const { claimed, complete } = await prepare(100, 100, 100, 99);
    const [a = [], b = [], c = [], d = []] = claimed;
    isQueueDeep = true;
    await complete([...a, ...b]);
    isQueueDeep = false;
    await complete([...c, ...d]);
    expect(batches).toEqual([200, 199]);
  });

  it("go together while other workers live, whose work keeps the database busy", async () => {
    const { claimed, complete } = await prepare(100, 100);
    isAlone = false;
    await complete(claimed.flat());
    expect(batches).toEqual([200]);
  });

  it("do not wait for those of another run", async () => {
    const { claimed, complete } = await prepare(1, 1, 1);
    const [held = [], free = [], later = []] = claimed;
    const letGo = await holdRuns(held[0]);
    const first = complete(held);
    await vi.waitFor(async () => expect(await waiting()).toEqual(["dagline batches exchange"]));

    await complete(free);

    expect(await waiting()).toEqual(["dagline batches exchange"]);
    await letGo();
    await first;
    const letLaterGo = await holdRuns(later[0]);
    const last = complete(later);
    await vi.waitFor(async () => expect(await waiting()).toEqual(["dagline batches exchange"]));
    await letLaterGo();
    await last;
  });

  it("wait for them on the same connection while the other one is busy", async () => {
    const { claimed, complete } = await prepare(1, 1);
    const [held = [], free = []] = claimed;
    let end = () => {};
    const claiming = hot.run(() => new Promise<void>((resolve) => (end = resolve)));
    const letGo = await holdRuns(held[0]);
    const first = complete(held);
    await vi.waitFor(async () => expect(await waiting()).toEqual(["dagline batches exchange"]));
    const second = complete(free);
    await vi.waitFor(() => expect(batches).toEqual([1, 1]));
    await letGo();
    await Promise.all([first, second]);
    end();
    await claiming;

    expect(await connectionsOf("dagline batches hot")).toBe(0);
  });

  it("are not halved while others are under way", async () => {
    const { claimed, complete } = await prepare(1, 100, 100);
    const [held = [], ...free] = claimed;
    const letGo = await holdRuns(held[0]);
    const first = complete(held);
    await vi.waitFor(async () => expect(await waiting()).toHaveLength(1));
    await complete(free.flat());
    await letGo();
    await first;
    expect(batches).toEqual([1, 200]);
  });
});

describe("completions of one run", () => {
  it("go together", async () => {
    const { claimed, complete } = await prepare(250);
    await complete(claimed.flat());
    expect(batches).toEqual([250]);
  });

  it("follow each other on one connection", async () => {
    const { claimed, complete } = await prepare(2);
    const [one, other] = claimed.flat();
    if (!one || !other) throw new Error("nothing was ready");
    const letGo = await holdRuns(one);
    const first = complete([one]);
    await vi.waitFor(async () => expect(await waiting()).toEqual(["dagline batches exchange"]));
    const second = complete([other]);
    await vi.waitFor(() => expect(batches).toEqual([1, 1]));
    await letGo();
    await Promise.all([first, second]);

    expect(await connectionsOf("dagline batches hot")).toBe(0);
  });
});
