import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { shellTask, waitForRunStatus } from "./testing/fault-graph";
import { startWorkerProcess, type WorkerProcess, waitFor } from "./testing/worker-process";

const SECRET = "correct-horse-battery";

let test: TestDatabase;
let dataDir: string;
let metricsPort: number;
let worker: WorkerProcess;
let run: Awaited<ReturnType<typeof startRun>>;

/** One worker process that has run an execution which failed, was retried and completed, and one that ended FAILED. */
beforeAll(async () => {
  test = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), "dagline-observe-"));
  metricsPort = await findFreePort();
  worker = await startWorkerProcess({
    databaseUrl: test.url,
    dataDir,
    env: { LOG_LEVEL: "trace", DAGLINE_SECRET_TOKEN: SECRET, METRICS_PORT: String(metricsPort) },
  });
  const retried = { retryStrategy: "IMMEDIATE", maxRetries: 1 } as const;
  run = await startRun(
    test.db,
    { flaky: [], broken: [] },
    {
      overrides: {
        flaky: { ...shellTask('echo "$TRACEPARENT"; [ "$DAGLINE_ATTEMPT" = 2 ]'), ...retried },
        broken: { ...shellTask("exit 3"), retryStrategy: "NONE" },
      },
    },
  );
  await waitForRunStatus(test.sql, run, "FAILED");
});

afterAll(async () => {
  worker.signal("SIGKILL");
  await worker.ended;
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

type Line = Record<string, unknown>;

const linesOf = ({ log }: WorkerProcess): Line[] =>
  log()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

describe("the metrics of a worker", () => {
  it("tell what its loops have done", async () => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    const text = await answer.text();
    for (const line of [
      'dagline_attempts_total{outcome="completed",runner="process"} 1',
      'dagline_attempts_total{outcome="failed",runner="process"} 2',
      "dagline_start_delay_seconds_count 3",
      "dagline_claim_executions_sum 3",
      "dagline_record_failures_total 0",
      "dagline_worker_slots 10",
      "dagline_log_dropped_bytes_total 0",
    ])
      expect(text.split("\n")).toContain(line);
    expect(readValue(text, "dagline_record_reports_sum")).toBeGreaterThanOrEqual(3);
    expect(readValue(text, "dagline_log_stored_bytes_total")).toBeGreaterThan(0);
    expect(readValue(text, "dagline_heartbeat_age_seconds")).toBeLessThan(3);
  });
});

describe("the log of a worker", () => {
  it("names the worker on each line, and on each line about an execution all four", async () => {
    await waitFor("the last line", () => linesOf(worker).filter(isAboutEnd).length === 3);
    const lines = linesOf(worker);
    for (const line of lines) expect(line).toHaveProperty("workerId");
    const about = lines.filter((line) => "executionId" in line || "runId" in line);
    for (const line of about)
      expect(line).toMatchObject({
        workerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        runId: run.runId,
        executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        attempt: expect.any(Number),
      });
    const flaky = about.filter(({ executionId }) => executionId === run.ids.flaky);
    expect(flaky.filter(isAboutEnd).map(({ attempt, end }) => [attempt, end])).toEqual([
      [1, "failed"],
      [2, "completed"],
    ]);
  });

  it("tells of a failing statement without what it was called with, and without any secret", async () => {
    await test.sql`alter table workers rename to workers_away`;
    const line = await waitFor("a line about it", () => linesOf(worker).find(({ error }) => error));
    await test.sql`alter table workers_away rename to workers`;
    expect(line).toMatchObject({
      workerId: expect.any(String),
      loop: "heartbeat",
      error: { type: "DrizzleQueryError", cause: { code: "42P01" } },
    });
    const password = new URL(test.url).password;
    expect(password.length).toBeGreaterThan(3);
    expect(worker.log()).not.toContain(password);
    expect(worker.log()).not.toContain(SECRET);
    expect(worker.log()).not.toContain("params:");
  });
});

const isAboutEnd = ({ message }: Line) => message === "attempt ended";

const readValue = (text: string, name: string) =>
  Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // listens on TCP
  server.close();
  return port;
}
