import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { shellTask, waitForRunStatus } from "./testing/fault-graph";
import { startBuiltWorker } from "./testing/start-built-worker";
import type { WorkerProcess } from "./testing/worker-process";

let test: TestDatabase;
let dataDir: string;
let worker: WorkerProcess;

beforeEach(async () => {
  test = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), "dagline-memory-"));
  worker = await startBuiltWorker({ databaseUrl: test.url, dataDir });
});

afterEach(async () => {
  worker.signal("SIGKILL");
  await worker.ended;
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs a task that takes all memory there is; returns what became of it. */
async function runGreedy(limit: string) {
  const greedy = { ...shellTask(`${limit}; exec tail /dev/zero`), retryStrategy: "NONE" as const };
  const run = await startRun(test.db, { a: [] }, { overrides: { a: greedy } });
  await waitForRunStatus(test.sql, run, "FAILED");
  return test.sql`
    select e.status, a.outcome, e.error->>'class' as class, split_part(e.error->>'message', ':', 1) as message
    from executions e join attempts a on a.execution_id = e.id where e.run_id = ${run.runId}`;
}

async function expectToWorkOn() {
  const run = await startRun(test.db, { a: [] }, { overrides: { a: shellTask("true") } });
  await waitForRunStatus(test.sql, run, "COMPLETED");
  expect(worker.child.exitCode).toBeNull();
}

it("a task that the kernel kills for want of memory says so, and its worker works on", async (context) => {
  const group = createMemoryGroup(40_000_000);
  if (!group) return context.skip("no control group with a limit of memory can be made here");
  try {
    expect(await runGreedy(`echo 0 > ${group}/cgroup.procs`)).toEqual([
      {
        status: "FAILED",
        outcome: "FAILED",
        class: "exit",
        message: "Ended by SIGKILL (possibly out of memory), without any output",
      },
    ]);
    await expectToWorkOn();
  } finally {
    rmdirSync(group);
  }
});

it("a task that is refused more memory fails with its own words, and its worker works on", async () => {
  const [ended] = await runGreedy("ulimit -v 40000");
  expect(ended).toMatchObject({ status: "FAILED", outcome: "FAILED", class: "exit" });
  expect(ended?.message).toMatch(/^Exit code [1-9]/);
  await expectToWorkOn();
});

/** The folder of a control group that may use so many bytes, of either version; null where this user cannot make one. */
function createMemoryGroup(bytes: number): string | null {
  const ways = [
    { parent: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
    { parent: "/sys/fs/cgroup", limit: "memory.max" },
  ];
  for (const { parent, limit } of ways) {
    const group = join(parent, `dagline-test-${process.pid}`);
    try {
      mkdirSync(group);
      if (existsSync(join(group, limit))) {
        writeFileSync(join(group, limit), String(bytes));
        return group;
      }
      rmdirSync(group);
    } catch {
      // Not allowed, or no such version here.
    }
  }
  return null;
}
