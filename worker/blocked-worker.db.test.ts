import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readConfig } from "@/lib/config";
import { Hooks } from "@/lib/engine/hooks";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { createProcessRunner } from "./runners/process-runner";
import { shellTask } from "./testing/fault-graph";
import { Worker } from "./worker";

const LEASE_MS = 1000;

let test: TestDatabase;
let folder: string;
let worker: Worker;

const hooks = new Hooks();

beforeAll(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "dagline-blocked-"));
  const config = readConfig({
    LEASE_DURATION: "1",
    HEARTBEAT_INTERVAL: "0.2",
    SWEEP_INTERVAL: "0.2",
    SCHEDULER_INTERVAL: "0.5",
    CANCEL_GRACE: "0",
  });
  const runner = await createProcessRunner({ dataDir: folder });
  worker = new Worker({ databaseUrl: test.url, runner, hooks, config });
  await worker.start();
});
afterAll(async () => {
  await worker.stop({ now: true });
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

it("records nothing of what ran while its event loop was blocked past the lease, and runs it again", async () => {
  // Blocks the whole process once: no heartbeat, no timer, no answer is seen for twice the lease.
  const blocker = new Int32Array(new SharedArrayBuffer(4));
  hooks.addPreExecutionHook(({ taskKey, attempt }) => {
    if (taskKey === "blocker" && attempt === 1) Atomics.wait(blocker, 0, 0, 2 * LEASE_MS);
  });
  const run = await startRun(
    test.db,
    { quick: [], blocker: [] },
    { overrides: { quick: shellTask("sleep 1"), blocker: shellTask("true") } },
  );

  await vi.waitFor(
    async () => {
      const [row] = await test.sql`select status from runs where id = ${run.runId}`;
      expect(row?.status).toBe("COMPLETED");
    },
    { timeout: 20_000, interval: 50 },
  );

  for (const id of Object.values(run.ids)) {
    const attempts = await test.sql`
      select outcome from attempts where execution_id = ${id} order by attempt`;
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["LOST", "COMPLETED"]);
  }
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
});
