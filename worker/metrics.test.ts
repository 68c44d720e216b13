import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "@/lib/db/database";
import { type Endings, noteEndings } from "@/lib/engine/endings";
import { createWorkerMetrics, type WorkerMetrics } from "./metrics";
import { startMetricsServer } from "./metrics-server";

const noTransaction = {} as Db; // never asked for anything

let metrics: WorkerMetrics;

beforeEach(() => {
  metrics = createWorkerMetrics({ runner: "process" });
  metrics.watch({ heartbeatAgeMs: () => 1500, slots: () => 10, slotsUsed: () => 4 });
});

afterEach(() => metrics.close());

const end = (outcome: Endings["attempts"][number]["outcome"], type: "worker" | "system") =>
  noteEndings(noTransaction, () => ({
    actor: { type, id: "w" },
    attempts: [{ executionId: "e", attempt: 1, outcome }],
    runIds: [],
  }));

describe("the metrics of a worker", () => {
  it("count what the loops tell", async () => {
    metrics.claimed(3, 2);
    metrics.claimed(0, 1);
    metrics.recorded(7, 20);
    metrics.recordingFailed();
    metrics.started(30);
    metrics.fenced();
    metrics.logged({ stored: 100, dropped: 7 });
    metrics.pollFailed("sweep");
    end("COMPLETED", "worker");
    end("COMPLETED", "worker");
    end("LOST", "system");
    const lines = (await metrics.registry.metrics()).split("\n");
    for (const line of [
      'dagline_attempts_total{outcome="completed",runner="process"} 2',
      'dagline_attempts_total{outcome="lost",runner="process"} 1',
      'dagline_attempts_total{outcome="timeout",runner="process"} 0',
      "dagline_rescued_attempts_total 1",
      "dagline_fenced_attempts_total 1",
      "dagline_claim_executions_count 2",
      "dagline_claim_executions_sum 3",
      'dagline_claim_duration_seconds_bucket{le="0.001"} 1',
      "dagline_record_reports_sum 7",
      'dagline_record_duration_seconds_bucket{le="0.025"} 1',
      "dagline_record_failures_total 1",
      'dagline_start_delay_seconds_bucket{le="0.025"} 0',
      'dagline_start_delay_seconds_bucket{le="0.05"} 1',
      "dagline_log_stored_bytes_total 100",
      "dagline_log_dropped_bytes_total 7",
      'dagline_poll_failures_total{loop="sweep"} 1',
      "dagline_heartbeat_age_seconds 1.5",
      "dagline_worker_slots 10",
      "dagline_worker_slots_used 4",
    ])
      expect(lines).toContain(line);
    expect(lines).toContain("# TYPE process_cpu_seconds_total counter");
  });

  it("count no ending any more once they are closed", async () => {
    metrics.close();
    end("FAILED", "worker");
    expect(await metrics.registry.metrics()).toContain(
      'dagline_attempts_total{outcome="failed",runner="process"} 0',
    );
  });
});

describe("the README", () => {
  it("explains each metric of a worker", () => {
    const readme = readFileSync("README.md", "utf8");
    const names = metrics.registry.getMetricsAsArray().map(({ name }) => name);
    const ours = names.filter((name) => name.startsWith("dagline_"));
    expect(ours.length).toBeGreaterThan(12);
    expect(ours.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

describe("the metrics port", () => {
  it("answers GET /metrics to this machine alone, and nothing else", async () => {
    const { port, close } = await startMetricsServer({ port: 0, registry: metrics.registry });
    const ask = (path: string, options: { method?: string; host?: string } = {}) => {
      const { method = "GET", host = `127.0.0.1:${port}` } = options;
      return send({ port, path, method, headers: { host } });
    };
    const good = await ask("/metrics");
    expect(good).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^text\/plain; version=0\.0\.4/),
      text: expect.stringContaining("# TYPE dagline_attempts_total counter"),
    });
    expect(await ask("/metrics?x=1", { host: `localhost:${port}` })).toMatchObject({ status: 200 });
    expect(await ask("/metrics", { host: `evil.test:${port}` })).toMatchObject({ status: 403 });
    expect(await ask("/metrics", { method: "POST" })).toMatchObject({ status: 405 });
    expect(await ask("/")).toMatchObject({ status: 404 });
    close();
    await expect(ask("/metrics")).rejects.toThrow("ECONNREFUSED");
  });

  it("is refused when somebody else has it", async () => {
    const { port, close } = await startMetricsServer({ port: 0, registry: metrics.registry });
    const second = startMetricsServer({ port, registry: metrics.registry });
    await expect(second).rejects.toThrow("EADDRINUSE");
    close();
  });
});

/** By node:http, since fetch does not let a Host header be chosen. */
async function send(options: RequestOptions) {
  const call = request({ host: "127.0.0.1", agent: false, ...options });
  call.end();
  const [answer]: IncomingMessage[] = await once(call, "response");
  if (!answer) throw new Error("There was no answer.");
  const { statusCode, headers } = answer;
  return { status: statusCode, type: headers["content-type"], text: await text(answer) };
}
