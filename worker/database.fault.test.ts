import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import { migrateDatabase } from "@/lib/db/migrate";
import { mayPass, sqlStateOf } from "@/lib/db/sql-state";
import { startRun, statusesOf } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";
import { countOutcomes, shellTask, startLayers, waitForRunStatus } from "./testing/fault-graph";
import { findProcesses } from "./testing/process-marks";
import { startBuiltWorker } from "./testing/start-built-worker";
import { type WorkerProcess, waitFor } from "./testing/worker-process";

/** From the moment at which the database answers again. */
const RESUMES_WITHIN_MS = 10_000;
/** Tasks of a load: eight seconds for two workers, so that none of the faults comes after its end. */
const LOAD = 120;

let dataDir: string;
let server: EmbeddedPostgres;
let client: ReturnType<typeof createDbClient>;
let workers: WorkerProcess[];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "dagline-database-"));
  await startServer();
  await migrateDatabase(server.url);
});
beforeEach(() => {
  client = createDbClient(server.url, { max: 3, name: "test" });
  workers = [];
});
afterEach(async () => {
  const ended = workers.filter(({ child }) => child.exitCode !== null);
  expect(ended.map(({ log }) => log().slice(-2000))).toEqual([]);
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map((worker) => worker.ended));
  const violations = await findViolations(client.sql, { resting: true });
  await client.sql`delete from projects`;
  await client.close();
  expect(violations).toEqual([]);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Always on the same port, since the workers know no other. */
async function startServer(): Promise<void> {
  const settings = { fsync: "off", max_connections: "100" };
  const port = server?.port;
  server = await startEmbeddedPostgres({ dataDir, settings, ...(port && { port }) });
  if (port) expect(server.port).toBe(port);
}

async function killServer(): Promise<void> {
  process.kill(server.pid, "SIGKILL");
  await server.exited;
}

async function startWorkers(count: number, env: Record<string, string> = {}): Promise<void> {
  const start = () => startBuiltWorker({ databaseUrl: server.url, dataDir, env });
  workers = await Promise.all(Array.from({ length: count }, start));
}

const countCompleted = async () => (await countOutcomes(client.sql)).COMPLETED ?? 0;

async function expectToResume(): Promise<void> {
  const before = await waitFor("the database", () => countCompleted().catch(() => null));
  expect(before, "completed tasks of a load that must outlast the fault").toBeLessThan(LOAD);
  const moved = async () => (await countCompleted().catch(() => before)) > before;
  await waitFor("work to resume", moved, RESUMES_WITHIN_MS);
}

const startLoad = () => startLayers(client.db, LOAD, "sleep 0.4");

describe("work goes on, and nothing is lost, when the database", () => {
  it("is killed at random moments and started again", async () => {
    await startWorkers(2, { MAX_CONCURRENT_EXECUTIONS: "3" });
    const run = await startLoad();
    for (let round = 0; round < 3; round++) {
      await sleep(Math.random() * 1500);
      await killServer();
      await sleep(Math.random() * 1000);
      await startServer();
      await expectToResume();
    }
    await waitForRunStatus(client.sql, run, "COMPLETED", 60_000);
    expect(await countCompleted()).toBe(LOAD);
  });

  it("is restarted in order", async () => {
    await startWorkers(2, { MAX_CONCURRENT_EXECUTIONS: "3" });
    const run = await startLoad();
    await waitFor("some work", async () => (await countCompleted()) > 5);
    await server.stop();
    await startServer();
    await expectToResume();
    await waitForRunStatus(client.sql, run, "COMPLETED", 60_000);
  });

  it("loses one backend after the other while it records", async () => {
    await startWorkers(2, { MAX_CONCURRENT_EXECUTIONS: "3" });
    const run = await startLoad();
    for (let kills = 0; kills < 4; kills++) {
      await waitFor("a worker's backend at work", killBusyBackend);
      await expectToResume();
    }
    await waitForRunStatus(client.sql, run, "COMPLETED", 60_000);
  });

  it("throws everybody out again and again", async () => {
    await startWorkers(2, { MAX_CONCURRENT_EXECUTIONS: "3" });
    const run = await startLoad();
    for (let rounds = 0; rounds < 12; rounds++) {
      await sleep(200 + Math.random() * 300);
      await client.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'dagline worker%'`;
    }
    await expectToResume();
    await waitForRunStatus(client.sql, run, "COMPLETED", 60_000);
    // A claim whose answer was cut off leaves attempts that nobody runs: its worker gives them back, or the sweep ends them.
    const { LOST = 0, RELEASED = 0, ...others } = await countOutcomes(client.sql);
    expect(others).toEqual({ COMPLETED: LOAD });
    expect(LOST + RELEASED).toBeLessThanOrEqual(24);
  });

  it("cancels statements again and again", async () => {
    await startWorkers(2, { MAX_CONCURRENT_EXECUTIONS: "3" });
    const run = await startLoad();
    for (let rounds = 0; rounds < 200; rounds++) {
      await sleep(10);
      await client.sql`
        select pg_cancel_backend(pid) from pg_stat_activity
        where application_name like 'dagline worker%' and state <> 'idle'`;
    }
    await waitForRunStatus(client.sql, run, "COMPLETED", 60_000);
    expect(await countOutcomes(client.sql)).toEqual({ COMPLETED: LOAD });
  });
});

describe("a database that refuses", () => {
  it("to be written to is waited for, and nothing that runs meanwhile is lost", async () => {
    await startWorkers(1, { LEASE_DURATION: "60" });
    const run = await startRun(
      client.db,
      { a: [], b: ["a"] },
      { overrides: { a: shellTask("sleep 1") } },
    );
    await waitFor(
      "the task to run",
      async () => (await statusesOf(client.sql, run.runId)).a === "RUNNING",
    );

    await setReadOnly(true);
    const fresh = createDbClient(server.url, { max: 1, name: "fresh" });
    const refused = await startRun(fresh.db, { c: [] }).catch((error: unknown) => error);
    await fresh.close();
    expect([sqlStateOf(refused), mayPass(refused)]).toEqual(["25006", true]);
    await waitFor("the worker to be refused", () => workers[0]?.log().includes("recording failed"));
    await setReadOnly(false);

    await waitForRunStatus(client.sql, run, "COMPLETED", RESUMES_WITHIN_MS);
    expect(await countOutcomes(client.sql)).toEqual({ COMPLETED: 2 });
  });

  it("further connections still gives heartbeats theirs", async () => {
    await startWorkers(1);
    const run = await startLayers(client.db, 20, "sleep 0.2");
    const hoard = postgres(server.url, { max: 100, onnotice: () => {}, fetch_types: false });
    const taken = Array.from({ length: 100 }, () => hoard`select pg_sleep(6)`.catch(sqlStateOf));
    const answers = await Promise.all(taken);
    await hoard.end();
    expect(answers).toContain("53300");

    await waitForRunStatus(client.sql, run, "COMPLETED", 30_000);
    expect(await countOutcomes(client.sql)).toEqual({ COMPLETED: 20 });
    expect(workers[0]?.log()).not.toContain("FENCED");
  });
});

/** For whoever connects from now on, as every worker must. */
async function setReadOnly(value: boolean): Promise<void> {
  const admin = postgres(server.url, {
    max: 1,
    onnotice: () => {},
    connection: { options: "-c default_transaction_read_only=off" },
  });
  await admin.unsafe(`alter database postgres set default_transaction_read_only = ${value}`);
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'dagline worker%'`;
  await admin.end();
}

/** Whether there was one; it may have ended since it was seen. */
async function killBusyBackend(): Promise<boolean> {
  const rows = await client.sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where application_name like 'dagline worker%' and state <> 'idle' limit 1`.catch(() => []);
  const [busy] = rows;
  if (!busy) return false;
  try {
    return process.kill(busy.pid, "SIGKILL");
  } catch {
    return false;
  }
}

describe("a task that runs while the database is away", () => {
  it("goes on, and counts, when the lease is long enough", async () => {
    await startWorkers(1, { LEASE_DURATION: "60", SCHEDULER_INTERVAL: "30" });
    const run = await startRun(
      client.db,
      { a: [], b: ["a"] },
      { overrides: { a: shellTask("sleep 2; echo out=kept > $TASK_OUTPUT") } },
    );
    await waitFor(
      "the task to run",
      async () => (await statusesOf(client.sql, run.runId)).a === "RUNNING",
    );

    await killServer();
    // Longer than the task takes, and than the driver needs to lose heart.
    await sleep(12_000);
    await startServer();

    await waitForRunStatus(client.sql, run, "COMPLETED", RESUMES_WITHIN_MS);
    expect(await countOutcomes(client.sql)).toEqual({ COMPLETED: 2 });
    const [row] =
      await client.sql`select result->'outputs'->>'out' as out from executions where task_key = 'a'`;
    expect(row?.out).toBe("kept");
  });

  it("is killed when the lease may have run out, and run again", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    await startWorkers(1);
    const run = await startRun(
      client.db,
      { a: [] },
      {
        overrides: {
          a: shellTask(`[ "$DAGLINE_ATTEMPT" -gt 1 ] || sh -c 'sleep 1000; : ${mark}'`),
        },
      },
    );
    await waitFor("the task's process", () => findProcesses(mark).length > 0);

    await killServer();

    await waitFor(
      "the worker to fence itself",
      () => workers[0]?.log().includes("FENCED") ?? null,
      3000,
    );
    await waitFor("its processes to be gone", () => findProcesses(mark).length === 0, 1000);
    await startServer();
    await waitForRunStatus(client.sql, run, "COMPLETED", RESUMES_WITHIN_MS + 5000);
    expect(await countOutcomes(client.sql)).toEqual({ LOST: 1, COMPLETED: 1 });
  });
});
