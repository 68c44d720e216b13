import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addWorker,
  completed,
  failed,
  person,
  startLargeRun,
} from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { cancelExecution } from "./cancel-execution";
import { retryRun } from "./retry-run";

const SIZE = 10_000;

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
});
afterAll(() => test.close());

const times: Record<string, number> = {};
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  times[what] = Math.round(performance.now() - start);
  return result;
}
afterAll(() => {
  process.stdout.write(`milliseconds with graphs of ${SIZE}: ${JSON.stringify(times)}\n`);
});

const countOf = async (runId: string, status: string) => {
  const [row] = await test.sql`
    select count(*)::int as n from executions where run_id = ${runId} and status = ${status}`;
  return row?.n;
};

it("settles a chain of 10,000 when its first is cancelled, and revives it", async () => {
  const shape = Object.fromEntries(
    Array.from({ length: SIZE }, (_, i) => [`t${i}`, i === 0 ? [] : [`t${i - 1}`]]),
  );
  const run = await timed("start a chain", () => startLargeRun(test.db, shape));
  const executionId = run.ids.t0 ?? "";
  await timed("cancel a chain", () =>
    cancelExecution(test.db, { executionId, force: false, actor: person }),
  );
  expect(await countOf(run.runId, "CANCELLED")).toBe(SIZE);
  const { count } = await timed("retry a chain", () =>
    retryRun(test.db, { runId: run.runId, actor: person }),
  );
  expect(count).toBe(SIZE);
  await test.sql`delete from projects`;
});

it("releases 9,998 dependents at once, and the one that waits for all of them after the last", async () => {
  const middle = Array.from({ length: SIZE - 2 }, (_, i) => `m${i}`);
  // At most 1,000 parents for one task: the end waits for ten gates.
  const gates = Object.fromEntries(
    Array.from({ length: 10 }, (_, g) => [`g${g}`, middle.filter((_, i) => i % 10 === g)]),
  );
  const leaves = Object.fromEntries(middle.slice(11).map((key) => [key, ["first"]]));
  const used = (keys: string[]) => keys.filter((key) => key in leaves);
  const run = await timed("start a fan", () =>
    startLargeRun(test.db, {
      first: [],
      ...leaves,
      ...Object.fromEntries(Object.entries(gates).map(([key, keys]) => [key, used(keys)])),
      last: Object.keys(gates),
    }),
  );
  const worker = await addWorker(test.db);
  const [first] = await worker.claim(1);
  if (!first) throw new Error("nothing was claimed");
  await timed("release a fan", () => worker.end(first, completed));
  const count = Object.keys(leaves).length;
  expect(await countOf(run.runId, "SCHEDULED")).toBe(count);

  const batches: number[] = [];
  for (;;) {
    const claims = await worker.claim(500);
    if (claims.length === 0) break;
    const start = performance.now();
    await worker.report(
      claims.map((claimed) => ({ ...claimed, startedMsAgo: null, end: completed })),
    );
    batches.push(performance.now() - start);
  }
  times["complete 500, longest"] = Math.round(Math.max(...batches));
  expect(await countOf(run.runId, "COMPLETED")).toBe(count + 12);
});

it("cancels 9,999 dependents when the one above them fails", async () => {
  const keys = Array.from({ length: SIZE - 1 }, (_, i) => [`m${i}`, ["first"]]);
  const run = await startLargeRun(test.db, { first: [], ...Object.fromEntries(keys) });
  const worker = await addWorker(test.db);
  const [first] = await worker.claim(1);
  if (!first) throw new Error("nothing was claimed");
  await timed("fail a fan", () => worker.end(first, failed()));
  expect(await countOf(run.runId, "CANCELLED")).toBe(SIZE - 1);
});
