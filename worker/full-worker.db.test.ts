import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readConfig } from "@/lib/config";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startLargeRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { NoOpRunner } from "./bench/no-op-runner";
import { Worker } from "./worker";

const EACH = 100;

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it.each([
  { slots: 3, before: 1, during: 1 },
  { slots: 150, before: 30, during: 0 },
  { slots: 150, before: 0, during: 30 },
])(
  "a worker with $slots slots waits for no poll, with $before runs before it starts and $during after",
  async ({ slots, before, during }) => {
    const config = {
      ...readConfig({ SCHEDULER_INTERVAL: "3600" }),
      maxConcurrentExecutions: slots,
    };
    const worker = new Worker({ databaseUrl: test.url, runner: new NoOpRunner(), config });
    await schedule(before);
    await worker.start();
    await schedule(during);

    await vi.waitFor(
      async () => {
        const [row] =
          await test.sql`select count(*)::int as n from runs where status <> 'COMPLETED'`;
        expect(row?.n).toBe(0);
      },
      { timeout: 20_000, interval: 50 },
    );
    await worker.stop({ now: false });
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  },
);

/** Several runs: what ends of one run is recorded one batch after the other. */
async function schedule(runs: number): Promise<void> {
  const names = Array.from({ length: EACH }, (_, i) => `t${i}`);
  const shape = Object.fromEntries(names.map((name) => [name, []]));
  for (let i = 0; i < runs; i++) await startLargeRun(test.db, shape);
}
