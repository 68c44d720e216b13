import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readConfig } from "@/lib/config";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { createProcessRunner } from "./runners/process-runner";
import { shellTask } from "./testing/fault-graph";
import { Worker } from "./worker";

const DAY_MS = 86_400_000;

let test: TestDatabase;
let folder: string;
let worker: Worker;

beforeEach(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "dagline-clock-"));
  const config = readConfig({ SCHEDULER_INTERVAL: "0.2", SWEEP_INTERVAL: "0.2" });
  const runner = await createProcessRunner({ dataDir: folder });
  worker = new Worker({ databaseUrl: test.url, runner, config });
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await worker.stop({ now: true });
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

it.each([
  { wrongByMs: 3 * DAY_MS, timeZone: "America/New_York" },
  { wrongByMs: -3 * DAY_MS, timeZone: "Pacific/Kiritimati" },
])(
  "begins, retries and notes nothing by a clock that is wrong by $wrongByMs ms in $timeZone",
  async ({ wrongByMs, timeZone }) => {
    const [at] = await test.sql<{ begin: string; later: string }[]>`
    select now() as begin, now() + interval '1 hour' as later`;
    if (!at) throw new Error("no time");
    vi.stubEnv("TZ", timeZone);
    // Only the time of day is wrong; how much time passes is not.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + wrongByMs });
    const tried = shellTask('test "$DAGLINE_ATTEMPT" -gt 1');
    const overrides = {
      a: { ...tried, retryStrategy: "FIXED_DELAY" as const, retryDelaySeconds: 1 },
    };
    const run = await startRun(
      test.db,
      { a: [], b: ["a"] },
      { overrides: { ...overrides, b: shellTask("true") } },
    );
    const later = await startRun(test.db, { c: [] }, { scheduledAt: new Date(at.later) });
    await worker.start();

    const statusOf = async ({ runId }: { runId: string }) =>
      (await test.sql`select status from runs where id = ${runId}`)[0]?.status;
    await vi.waitFor(async () => expect(await statusOf(run)).toBe("COMPLETED"), {
      timeout: 20_000,
      interval: 50,
    });

    expect(await statusOf(later)).toBe("SCHEDULED");
    const times = await test.sql`
    select at from (
      select created_at as at from runs union all select started_at from runs union all select finished_at from runs
      union all select created_at from executions union all select started_at from executions
      union all select finished_at from executions union all select ready_at from executions
      union all select claimed_at from attempts union all select started_at from attempts union all select ended_at from attempts
      union all select at from execution_events union all select heartbeat_at from workers union all select started_at from workers
    ) t where at is not null and at not between ${at.begin} and clock_timestamp()`;
    expect(times).toEqual([]);
    expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  },
);
