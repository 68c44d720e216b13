import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { createBenchProject, scheduleShape } from "@/worker/bench/schedule";
import { fan } from "@/worker/bench/shapes";
import { fillBare, installBare } from "./bare";
import { Hands, type Way } from "./drain";
import { enqueueFull, installFull } from "./full";

const SHAPE = fan(8);
const WAYS = [
  { batch: 1, connections: 1, keepsReleased: false },
  { batch: 1000, connections: 1, keepsReleased: false },
  { batch: 1000, connections: 1, keepsReleased: true },
  { batch: 5, connections: 1, keepsReleased: true },
  { batch: 3, connections: 2, keepsReleased: false },
  { batch: 3, connections: 2, keepsReleased: true },
] as const satisfies Way[];

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await installFull(test);
});
beforeEach(() => test.sql`delete from projects`);
afterAll(() => test.close());

/** Every row that work leaves behind, without ids and times. */
async function countRows() {
  return {
    executions: await test.sql`
      select status, attempt, unfinished_dependencies, result - 'durationMs' as result, result_attempt, ready_at is not null as ready,
        started_at is not null as started, finished_at is not null as finished, count(*)::int as n
      from executions group by 1, 2, 3, 4, 5, 6, 7, 8 order by 9`,
    attempts: await test.sql`
      select attempt, runner, outcome, result - 'durationMs' as result, started_at is not null as started, count(*)::int as n
      from attempts group by 1, 2, 3, 4, 5`,
    events: await test.sql`
      select from_status, to_status, attempt, reason, count(*)::int as n
      from execution_events group by 1, 2, 3, 4 order by 1, 2`,
    runs: await test.sql`
      select status, total_count, completed_count, started_at is not null as started, finished_at is not null as finished from runs`,
  };
}

async function scheduleGraph() {
  await scheduleShape(test.db, await createBenchProject(test.db, SHAPE.length), SHAPE);
}

async function drainByHand({ url }: TestDatabase, total: number, way: Way) {
  const hands = await Hands.open(url, way.connections);
  await hands.drain(total, way);
  await hands.close();
}

async function drainByProduct() {
  const worker = await addWorker(test.db);
  for (;;) {
    const claimed = await worker.claim(100);
    if (claimed.length === 0) return;
    for (const each of claimed) {
      await worker.start(each);
      await worker.end(each, completed);
    }
  }
}

describe("the full ceiling", () => {
  it.each(WAYS)("writes the same rows as the product, drained by %j", async (way) => {
    await scheduleGraph();
    await drainByProduct();
    const byProduct = await countRows();
    await test.sql`delete from projects`;

    await scheduleGraph();
    await drainByHand(test, SHAPE.length, way);

    expect(await countRows()).toEqual(byProduct);
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  });

  it("schedules one execution by hand as the product would have left it", async () => {
    const { taskIds } = await createBenchProject(test.db, 1);

    await enqueueFull(test, taskIds[0] ?? "");
    await drainByHand(test, 1, WAYS[0]);

    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  });
});

describe("the bare ceiling", () => {
  it.each(WAYS)("completes everything, drained by %j", async (way) => {
    const bare = await createTestDatabase();
    await installBare(bare);
    await fillBare(bare, { shape: SHAPE, copies: 2 });

    await drainByHand(bare, 2 * SHAPE.length, way);

    expect(
      await bare.sql`select status, waits, count(*)::int as n from bench_jobs group by 1, 2`,
    ).toEqual([{ status: 2, waits: 0, n: 2 * SHAPE.length }]);
    await bare.close();
  });
});
