import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun, statusesOf } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { countOutcomes, shellTask, startLayers, waitForRunStatus } from "./testing/fault-graph";
import { findProcesses } from "./testing/process-marks";
import { startBuiltWorker } from "./testing/start-built-worker";
import { hasClaimed, hasRecorded, startTcpProxy, type TcpProxy } from "./testing/tcp-proxy";
import { type WorkerProcess, waitFor } from "./testing/worker-process";

let test: TestDatabase;
let proxy: TcpProxy;
let dataDir: string;
let workers: WorkerProcess[];

beforeEach(async () => {
  test = await createTestDatabase();
  proxy = await startTcpProxy(test.url);
  dataDir = mkdtempSync(join(tmpdir(), "dagline-link-"));
  workers = [];
});

afterEach(async () => {
  const ended = workers.filter(({ child }) => child.exitCode !== null);
  expect(ended.map(({ log }) => log().slice(-2000))).toEqual([]);
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map((worker) => worker.ended));
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  await proxy.close();
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function startWorker(databaseUrl: string, env: Record<string, string> = {}) {
  const worker = await startBuiltWorker({ databaseUrl, dataDir, env });
  workers.push(worker);
  return worker;
}

describe("a worker whose link to the database", () => {
  it("loses the answers to the COMMITs of completions records each of them once", async () => {
    let lost = 0;
    const onLost = () => {
      lost++;
    };
    for (let i = 0; i < 5; i++) proxy.loseNextCommit(hasRecorded, onLost);
    const worker = await startWorker(proxy.through(test.url), {
      MAX_CONCURRENT_EXECUTIONS: "1",
      LEASE_DURATION: "300",
    });
    const run = await startRun(test.db, {
      a: [],
      b: ["a"],
      c: ["b"],
      d: ["c"],
      e: ["d"],
      f: ["e"],
    });
    await waitForRunStatus(test.sql, run, "COMPLETED", 60_000);
    expect(lost).toBe(5);
    // A completion takes the next claim along, whose answer is then lost too; the next heartbeat gives back what it took.
    const { RELEASED = 0, ...others } = await countOutcomes(test.sql);
    expect(others).toEqual({ COMPLETED: 6 });
    expect(RELEASED).toBeGreaterThan(0);
    expect(worker.log()).not.toContain('"answer":"lost"');
  });

  it("loses the answers to the COMMITs of completions again and again claims nothing along with those it repeats", async () => {
    let lost = 0;
    const onLost = () => {
      lost++;
    };
    for (let i = 0; i < 5; i++) proxy.loseNextCommit(hasRecorded, onLost);
    const shape = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`t${i}`, []]));
    const run = await startRun(test.db, shape);
    await startWorker(proxy.through(test.url), {
      MAX_CONCURRENT_EXECUTIONS: "1",
      LEASE_DURATION: "300",
    });
    await waitForRunStatus(test.sql, run, "COMPLETED", 60_000);
    expect(lost).toBe(5);
    expect(await countOutcomes(test.sql)).toEqual({ COMPLETED: 8, RELEASED: 1 });
  });

  it("loses the answer to a claim gives back what that took with its next heartbeat, and lets the rest alone", async () => {
    const worker = await startWorker(proxy.through(test.url), { LEASE_DURATION: "300" });
    const shape = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`t${i}`, []]));
    const before = await startRun(test.db, { a: [] }, { overrides: { a: shellTask("sleep 3") } });
    await waitFor(
      "a task to run",
      async () => (await statusesOf(test.sql, before.runId)).a === "RUNNING",
    );
    let lostAt = 0;
    proxy.loseNextCommit(hasClaimed, () => {
      lostAt = Date.now();
    });
    const run = await startRun(test.db, shape);
    await waitForRunStatus(test.sql, run, "COMPLETED", 15_000);
    expect(Date.now() - lostAt).toBeLessThan(10_000);
    await waitForRunStatus(test.sql, before, "COMPLETED", 15_000);

    const { RELEASED = 0, ...others } = await countOutcomes(test.sql);
    expect(others).toEqual({ COMPLETED: 6 });
    expect(RELEASED).toBeGreaterThan(0);
    const [used] = await test.sql`
      select sum(retries_used)::int as retries, sum(lost_in_row)::int as lost from executions`;
    expect(used).toEqual({ retries: 0, lost: 0 });
    expect(worker.log()).toContain("attempts without an answer given back");
  });

  it("swallows everything kills its work when its lease runs out, and works on when the link heals", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const cutOff = await startWorker(proxy.through(test.url));
    const run = await startRun(
      test.db,
      { a: [], b: ["a"] },
      {
        overrides: {
          a: shellTask(`[ "$DAGLINE_ATTEMPT" -gt 1 ] || sh -c 'sleep 1000; : ${mark}'`),
        },
      },
    );
    await waitFor("the task's process", () => findProcesses(mark).length > 0);
    await waitFor(
      "the task to be RUNNING",
      async () => (await statusesOf(test.sql, run.runId)).a === "RUNNING",
    );

    proxy.blackHole();

    await waitFor("the worker to fence itself", () => cutOff.log().includes("FENCED"), 3000);
    await waitFor("its processes to be gone", () => findProcesses(mark).length === 0, 1000);
    const [lease] =
      await test.sql`select lease_expires_at > now() as holds from executions where task_key = 'a'`;
    expect(lease?.holds).toBe(true);

    const other = await startWorker(test.url);
    await waitForRunStatus(test.sql, run, "COMPLETED");
    expect(await countOutcomes(test.sql)).toEqual({ LOST: 1, COMPLETED: 2 });

    other.signal("SIGSTOP");
    proxy.heal();

    const next = await startRun(test.db, { a: [] });
    await waitForRunStatus(test.sql, next, "COMPLETED", 15_000);
  });

  it("is reset again and again still finishes its run", async () => {
    await Promise.all([startWorker(proxy.through(test.url)), startWorker(proxy.through(test.url))]);
    // 25 layers, each of which takes 0.3 s: longer than the link is reset.
    const run = await startLayers(test.db, 250, "sleep 0.3");
    for (let end = Date.now() + 6000; Date.now() < end; ) {
      await sleep(300 + Math.random() * 700);
      proxy.reset();
    }
    expect((await countOutcomes(test.sql)).COMPLETED).toBeLessThan(250);
    await waitForRunStatus(test.sql, run, "COMPLETED", 60_000);
  });

  it("takes 200 ms for every piece of data still finishes its run, each execution once", async () => {
    await startWorker(proxy.through(test.url), { LEASE_DURATION: "20" });
    proxy.delay(200);
    const run = await startLayers(test.db, 12);
    await waitForRunStatus(test.sql, run, "COMPLETED", 60_000);
    expect(await countOutcomes(test.sql)).toEqual({ COMPLETED: 12 });
  });
});
