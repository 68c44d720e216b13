import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { cancelRun } from "@/lib/engine/cancel-run";
import { rescueExecutions } from "@/lib/engine/rescue-executions";
import { retryRun } from "@/lib/engine/retry-run";
import { log } from "@/lib/log";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, failed, person, startRun } from "@/lib/testing/engine-factories";
import { type OtlpReceiver, startOtlpReceiver } from "@/lib/testing/otlp-receiver";
import { attemptSpanIdOf, runSpanIdOf, traceIdOf } from "./trace-ids";
import { startTracing, type Tracing } from "./tracing";

let test: TestDatabase;
let collector: OtlpReceiver;
let tracing: Tracing;
let worker: Awaited<ReturnType<typeof addWorker>>;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

beforeEach(async () => {
  collector = await startOtlpReceiver();
  worker = await addWorker(test.db);
  tracing = trace();
});
afterEach(async () => {
  await tracing.close();
  collector.close();
  for (const { id } of await test.sql<
    { id: string }[]
  >`select id from runs where finished_at is null`)
    await cancelRun(test.db, { runId: id, force: true, actor: person });
});

const trace = (options: { closeLimitMs?: number } = {}) =>
  startTracing({
    ...options,
    tracing: {
      url: `${collector.endpoint}/v1/traces`,
      headers: { "api-key": "k" },
      serviceName: "dagline",
    },
    instanceId: "test",
    log,
    read: (work) => work(test.db),
  });

const claimOne = async () => {
  const [claimed] = await worker.claim(1);
  if (!claimed) throw new Error("nothing was claimed");
  return claimed;
};

const spansNamed = (pattern: RegExp) => collector.spans.filter(({ name }) => pattern.test(name));
const waitForSpans = (pattern: RegExp, count: number) =>
  vi.waitFor(() => expect(spansNamed(pattern)).toHaveLength(count), 20_000);

/** As OTLP writes a time, to the microsecond that the database knows. */
const nanos = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint || '000'`;

const nanosOf = async (text: string): Promise<Record<string, string>> => {
  const [row] = await test.sql.unsafe<Record<string, string>[]>(text);
  return { ...row };
};

describe("the trace of a run", () => {
  it("has a span of the run, and of each attempt one for the waiting and one for the work", async () => {
    const run = await startRun(test.db, { a: [], b: ["a"] });
    const first = await claimOne();
    await worker.start(first);
    await worker.end(first, failed({ message: "Exit code 3: no luck\nsecond line", exitCode: 3 }));
    await test.sql`update executions set due_at = now() where status = 'RETRYING'`;
    const second = await claimOne();
    await worker.end(second, completed);
    await worker.end(await claimOne(), completed);

    await waitForSpans(/^run/, 1);
    const traceId = traceIdOf(run.runId);
    const parentSpanId = runSpanIdOf(run.runId);
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(collector.spans.map(({ name }) => name).sort()).toEqual([
      "attempt a",
      "attempt a",
      "attempt b",
      "run Run",
      "wait a",
      "wait a",
      "wait b",
    ]);
    const times = await nanosOf(`
      select ${nanos("r.created_at")} as created, ${nanos("r.finished_at")} as finished, ${nanos("a.claimed_at")} as claimed,
        ${nanos("a.started_at")} as started, ${nanos("a.ended_at")} as ended
      from runs r join executions x on x.run_id = r.id join attempts a on a.execution_id = x.id
      where r.id = '${run.runId}' and a.outcome = 'FAILED'`);
    const [root] = spansNamed(/^run/);
    expect(root).toMatchObject({
      spanId: parentSpanId,
      startTimeUnixNano: times.created,
      endTimeUnixNano: times.finished,
      attributes: { "dagline.run.status": "COMPLETED", "dagline.run.completed": 2 },
      status: { code: 0 },
      resource: { "service.name": "dagline", "service.instance.id": "test" },
    });
    expect(root?.parentSpanId ?? "").toBe("");
    const [failure] = spansNamed(/^attempt a/);
    expect(failure).toMatchObject({
      spanId: attemptSpanIdOf(first),
      parentSpanId,
      startTimeUnixNano: times.claimed,
      endTimeUnixNano: times.ended,
      events: [{ name: "started", timeUnixNano: times.started }],
      attributes: {
        "dagline.run.id": run.runId,
        "dagline.execution.id": first.executionId,
        "dagline.attempt": 1,
        "dagline.worker.id": worker.workerId,
        "dagline.runner": "process",
        "dagline.outcome": "FAILED",
        "process.exit.code": 3,
        "error.type": "exit",
      },
      status: { code: 2, message: "Exit code 3: no luck" },
    });
    const waits = await nanosOf(`
      select ${nanos("min(at) filter (where to_status = 'RETRYING')")} as retrying,
        ${nanos("max(at) filter (where from_status = 'PENDING')")} as released
      from execution_events join executions x on x.id = execution_id where run_id = '${run.runId}'`);
    const [, retry] = spansNamed(/^wait a/);
    expect(retry).toMatchObject({
      parentSpanId,
      startTimeUnixNano: waits.retrying,
      events: [{ name: "due" }],
    });
    expect(spansNamed(/^wait b/)).toMatchObject([{ startTimeUnixNano: waits.released }]);
    expect(collector.headers["api-key"]).toBe("k");
  });

  it("is sent by the process that sweeps, or that cancels, too", async () => {
    const swept = await startRun(test.db, { a: [] });
    const { executionId } = await claimOne();
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${executionId}`;
    await rescueExecutions(test.db, { overdueSeconds: 60, actorId: "sweep" });
    const cancelled = await startRun(test.db, { a: [] });
    await cancelRun(test.db, { runId: cancelled.runId, force: false, actor: person });

    await waitForSpans(/^run/, 1);
    await waitForSpans(/^attempt/, 1);
    expect(spansNamed(/^attempt/)).toMatchObject([
      { traceId: traceIdOf(swept.runId), attributes: { "dagline.outcome": "LOST" } },
    ]);
    expect(spansNamed(/^run/)).toMatchObject([
      { traceId: traceIdOf(cancelled.runId), attributes: { "dagline.run.status": "CANCELLED" } },
    ]);
  });

  it("goes on, below the same span, when a person has it retried", async () => {
    const run = await startRun(test.db, { a: [] });
    await worker.end(await claimOne(), failed({ class: "invalid" }));
    await waitForSpans(/^run/, 1);
    await retryRun(test.db, { runId: run.runId, actor: person });
    await worker.end(await claimOne(), completed);

    await waitForSpans(/^run/, 2);
    const { retried } = await nanosOf(
      `select ${nanos("at")} as retried from execution_events join executions x on x.id = execution_id
        where run_id = '${run.runId}' and execution_events.reason = 'manual_retry'`,
    );
    expect(spansNamed(/^run/)).toMatchObject([
      { name: "run Run", spanId: runSpanIdOf(run.runId), status: { code: 2 } },
      {
        name: "run Run again",
        parentSpanId: runSpanIdOf(run.runId),
        startTimeUnixNano: retried,
        status: { code: 0 },
      },
    ]);
  });
});

describe("a collector that", () => {
  it.each(["refuse", "hang"] as const)(
    "would %s everything holds up neither the work nor the end of the process",
    async (mode) => {
      await tracing.close();
      tracing = trace({ closeLimitMs: 300 });
      collector.mode = mode;
      const run = await startRun(test.db, { a: [] });
      const answers = await worker.end(await claimOne(), completed);
      expect(answers).toMatchObject([{ answer: "recorded" }]);
      await vi.waitFor(() => expect(collector.requests).toBeGreaterThan(0), 20_000);
      const [row] = await test.sql`select status from runs where id = ${run.runId}`;
      expect(row?.status).toBe("COMPLETED");
      await tracing.close();
      expect(collector.spans).toEqual([]);
    },
  );
});

describe("traces while the database is away", () => {
  it("are sent once it can be read again", async () => {
    await tracing.close();
    let isAway = true;
    tracing = startTracing({
      tracing: { url: `${collector.endpoint}/v1/traces`, headers: {}, serviceName: "dagline" },
      instanceId: "test",
      log,
      read: (work) => (isAway ? Promise.reject(new Error("away")) : work(test.db)),
    });
    await startRun(test.db, { a: [] });
    await worker.end(await claimOne(), completed);
    isAway = false;
    await tracing.close();
    expect(spansNamed(/^(run|wait|attempt)/)).toHaveLength(3);
  });
});
