import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listBreakers } from "@/lib/db/queries/breakers";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { type StandIn, startStandIn } from "./testing/dagger-stand-in/engine";
import { shellTask, waitForRunStatus } from "./testing/fault-graph";
import { startBuiltWorker } from "./testing/start-built-worker";
import { type WorkerProcess, waitFor } from "./testing/worker-process";

const TASKS = 8;

let test: TestDatabase;
let standIn: StandIn;
let dataDir: string;
let worker: WorkerProcess;

beforeEach(async () => {
  test = await createTestDatabase();
  standIn = await startStandIn();
  dataDir = mkdtempSync(join(tmpdir(), "dagline-breaker-"));
  worker = await startBuiltWorker({
    databaseUrl: test.url,
    dataDir,
    env: {
      RUNNER: "dagger",
      DAGGER_CLI: standIn.cli,
      DAGGER_RUNNER_HOST: standIn.runnerHost,
      // The stand-in's sessions take long to start on a busy machine, and their worker must not be taken for dead.
      LEASE_DURATION: "20",
      SCHEDULER_INTERVAL: "60",
      BREAKER_COOLDOWN: "0.5",
    },
  });
});

afterEach(async () => {
  worker.signal("SIGKILL");
  await worker.ended;
  await standIn.stop();
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const readBreaker = async () => (await listBreakers(test.db))[0];
const readTotals = async () => {
  const [row] = await test.sql<{ lost: number; retries: number; attempts: number; held: number }[]>`
    select sum(lost_in_row)::int as lost, sum(retries_used)::int as retries, sum(attempt)::int as attempts,
      count(lease_token)::int as held from executions`;
  if (!row) throw new Error("There are no executions.");
  return row;
};

it("an engine that dies makes executions wait, with nothing spent, until it is back", async () => {
  const keys = Array.from({ length: TASKS }, (_, i) => `t${i}`);
  const task = shellTask('[ "$DAGLINE_ATTEMPT" -gt 1 ] || sleep 1000');
  const run = await startRun(test.db, Object.fromEntries(keys.map((key) => [key, []])), {
    overrides: Object.fromEntries(keys.map((key) => [key, task])),
  });
  await waitFor("all tasks to run", async () => {
    const rows = await test.sql`select from executions where status = 'RUNNING'`;
    return rows.length === TASKS;
  });

  await standIn.stop();

  await waitFor("the breaker to open", async () => (await readBreaker())?.state !== "closed");
  await waitFor("all attempts to end", async () => (await readTotals()).held <= 2);
  const before = await readTotals();
  expect(before.retries).toBe(0);
  expect(before.lost).toBeLessThan(5);
  // The worker finds the half-open breaker by itself: its interval is a minute, and nothing else wakes it.
  const probes = await waitFor("probes to fail", async () => {
    const now = await readTotals();
    return now.attempts >= before.attempts + 4 ? now : null;
  });
  expect(probes).toMatchObject({ lost: before.lost, retries: 0 });
  const statuses = await test.sql`select distinct status from executions`;
  expect(statuses.map(({ status }) => status)).not.toContain("FAILED");

  standIn = await startStandIn({ port: Number(new URL(standIn.runnerHost).port) });

  await waitForRunStatus(test.sql, run, "COMPLETED");
  expect(await readBreaker()).toMatchObject({ state: "closed", lastError: expect.any(String) });
  expect((await readTotals()).retries).toBe(0);
});
