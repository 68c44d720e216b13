import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { type OtlpReceiver, startOtlpReceiver } from "@/lib/testing/otlp-receiver";
import { attemptSpanIdOf, runSpanIdOf, traceIdOf, traceparentOf } from "@/lib/tracing/trace-ids";
import { shellTask, waitForRunStatus } from "./testing/fault-graph";
import { startBuiltWorker } from "./testing/start-built-worker";
import { type WorkerProcess, waitFor } from "./testing/worker-process";

const SECRET = "correct-horse-battery";
const API_KEY = "staple-12345";

let test: TestDatabase;
let dataDir: string;
let metricsPort: number;
let collector: OtlpReceiver;
let worker: WorkerProcess;
let run: Awaited<ReturnType<typeof startRun>>;

/** One worker process that has run an execution which failed, was retried and completed, and one that ended FAILED. */
beforeAll(async () => {
  test = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), "dagline-observe-"));
  metricsPort = await findFreePort();
  collector = await startOtlpReceiver();
  worker = await startBuiltWorker({
    databaseUrl: test.url,
    dataDir,
    env: {
      LOG_LEVEL: "trace",
      DAGLINE_SECRET_TOKEN: SECRET,
      METRICS_PORT: String(metricsPort),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${API_KEY}`,
    },
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
  collector.close();
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
    expect(worker.log()).not.toContain(API_KEY);
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

describe("the traces of a worker", () => {
  it("hold the run once and each attempt, and commands are told where their own spans belong", async () => {
    const { runId } = run;
    const executionId = run.ids.flaky ?? "";
    const root = await waitFor("the run's span", () =>
      collector.spans.find(({ spanId }) => spanId === runSpanIdOf(runId)),
    );
    expect(root).toMatchObject({
      traceId: traceIdOf(runId),
      attributes: { "dagline.run.status": "FAILED" },
    });
    const flaky = collector.spans.filter(({ name }) => name === "attempt flaky");
    expect(flaky.map(({ spanId }) => spanId)).toEqual([
      attemptSpanIdOf({ executionId, attempt: 1 }),
      attemptSpanIdOf({ executionId, attempt: 2 }),
    ]);
    expect(collector.spans.filter(({ name }) => name.startsWith("run"))).toHaveLength(1);
    expect(collector.headers["api-key"]).toBe(API_KEY);
    const printed = await test.sql<{ content: string }[]>`
      select content from execution_logs where execution_id = ${executionId} order by attempt`;
    expect(printed.map(({ content }) => content)).toEqual([
      `o${traceparentOf({ runId, executionId, attempt: 1 })}`,
      `o${traceparentOf({ runId, executionId, attempt: 2 })}`,
    ]);
  });

  it("are sent to the last before a worker that is asked to stop has ended", async () => {
    const last = await startRun(test.db, { a: [] }, { overrides: { a: shellTask("true") } });
    await waitForRunStatus(test.sql, last, "COMPLETED");
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
    const spans = collector.spans.filter(({ traceId }) => traceId === traceIdOf(last.runId));
    expect(spans.map(({ name }) => name).sort()).toEqual(["attempt a", "run Run", "wait a"]);
  });
});
