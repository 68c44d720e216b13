import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addWorker,
  completed,
  failed,
  person,
  startRun,
  statusesOf,
} from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { cancelExecution } from "./cancel-execution";
import { cancelRun } from "./cancel-run";
import { pauseExecution } from "./pause-execution";
import { pauseRun } from "./pause-run";
import { rescueExecutions } from "./rescue-executions";
import { resumeExecution } from "./resume-execution";
import { resumeRun } from "./resume-run";
import { retryExecution } from "./retry-execution";
import { retryRun } from "./retry-run";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.sql`delete from projects`;
});
afterAll(() => test.close());

const DIAMOND = { a: [], b: ["a"], c: ["a"], d: ["b", "c"] };

async function only<T>(promise: Promise<T[]>): Promise<T> {
  const [first, ...rest] = await promise;
  expect(rest).toEqual([]);
  if (!first) throw new Error("nothing was claimed");
  return first;
}

async function runStatus(runId: string) {
  const [row] = await test.sql`select status from runs where id = ${runId}`;
  return row?.status;
}

describe("a run", () => {
  it("runs a diamond in the order of its dependencies and ends COMPLETED", async () => {
    const run = await startRun(test.db, DIAMOND);
    const worker = await addWorker(test.db);
    expect(run.order).toEqual(["a", "b", "c", "d"]);
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "SCHEDULED",
      b: "PENDING",
      c: "PENDING",
      d: "PENDING",
    });

    const a = await only(worker.claim());
    expect(a).toMatchObject({ taskKey: "a", attempt: 1 });
    expect(await worker.start(a)).toEqual([{ executionId: a.executionId, answer: "recorded" }]);
    expect(await runStatus(run.runId)).toBe("RUNNING");
    await worker.end(a, completed);
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "COMPLETED",
      b: "SCHEDULED",
      c: "SCHEDULED",
      d: "PENDING",
    });

    const [b, c] = await worker.claim();
    if (!b || !c) throw new Error("b and c were not claimed");
    await worker.end(b, completed);
    expect(await worker.claim()).toEqual([]);
    await worker.end(c, completed);
    await worker.end(await only(worker.claim()), completed);

    expect(await runStatus(run.runId)).toBe("COMPLETED");
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  });

  it("retries by its strategy, then ends FAILED and cancels everything downstream with its cause", async () => {
    const once = { retryStrategy: "FIXED_DELAY", maxRetries: 1, retryDelaySeconds: 0 } as const;
    const run = await startRun(test.db, DIAMOND, { overrides: { a: once } });
    const worker = await addWorker(test.db);

    await worker.end(await only(worker.claim()), failed());
    expect((await statusesOf(test.sql, run.runId)).a).toBe("RETRYING");
    expect((await statusesOf(test.sql, run.runId)).b).toBe("PENDING");
    await worker.end(await only(worker.claim()), failed());

    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "FAILED",
      b: "CANCELLED",
      c: "CANCELLED",
      d: "CANCELLED",
    });
    expect(await runStatus(run.runId)).toBe("FAILED");
    const [d] =
      await test.sql`select reason, cause_execution_id from executions where id = ${run.ids.d ?? ""}`;
    expect(d?.reason).toBe("upstream_failed");
    expect([run.ids.b, run.ids.c]).toContain(d?.cause_execution_id);
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  });

  it("starts what failed again when a person asks, keeps what completed, and ends COMPLETED", async () => {
    const never = { retryStrategy: "NONE" } as const;
    const run = await startRun(test.db, DIAMOND, { overrides: { b: never } });
    const worker = await addWorker(test.db);
    await worker.end(await only(worker.claim()), completed);
    for (const claimed of await worker.claim())
      await worker.end(claimed, claimed.taskKey === "b" ? failed() : completed);
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "COMPLETED",
      b: "FAILED",
      c: "COMPLETED",
      d: "CANCELLED",
    });

    expect(await retryRun(test.db, { runId: run.runId, actor: person })).toEqual({ count: 2 });
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "COMPLETED",
      b: "SCHEDULED",
      c: "COMPLETED",
      d: "PENDING",
    });
    expect(await runStatus(run.runId)).toBe("RUNNING");
    const b = await only(worker.claim());
    expect(b.attempt).toBe(2);
    await worker.end(b, completed);
    await worker.end(await only(worker.claim()), completed);

    expect(await runStatus(run.runId)).toBe("COMPLETED");
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  });

  it("revives what was cancelled because of a retried execution, but nothing that waits for another failure", async () => {
    const never = { retryStrategy: "NONE" } as const;
    const run = await startRun(
      test.db,
      { a: [], b: [], onlyA: ["a"], both: ["a", "b"] },
      { overrides: { a: never, b: never } },
    );
    const worker = await addWorker(test.db);
    for (const claimed of await worker.claim()) await worker.end(claimed, failed());

    await retryExecution(test.db, {
      executionId: run.ids.a ?? "",
      downstream: false,
      actor: person,
    });

    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "SCHEDULED",
      b: "FAILED",
      both: "CANCELLED",
      onlyA: "PENDING",
    });
    await expect(
      retryExecution(test.db, {
        executionId: run.ids.both ?? "",
        downstream: false,
        actor: person,
      }),
    ).rejects.toThrow(/waits for "b", which is FAILED/);
  });
});

describe("a lease", () => {
  it("lets a report with another token change nothing", async () => {
    await startRun(test.db, { a: [] });
    const worker = await addWorker(test.db);
    const a = await only(worker.claim());

    const answer = await worker.end({ ...a, leaseToken: crypto.randomUUID() }, completed);

    expect(answer).toEqual([{ executionId: a.executionId, answer: "lost" }]);
    const [row] = await test.sql`select status from executions where id = ${a.executionId}`;
    expect(row?.status).toBe("PREPARING");
  });

  it("takes a repeated completion by the same token for a success", async () => {
    await startRun(test.db, { a: [] });
    const worker = await addWorker(test.db);
    const a = await only(worker.claim());
    await worker.end(a, completed);

    expect(await worker.end(a, completed)).toEqual([
      { executionId: a.executionId, answer: "recorded" },
    ]);

    const events = await test.sql`select 1 from execution_events where to_status = 'COMPLETED'`;
    expect(events).toHaveLength(1);
  });

  it("gives an expired lease to another worker, and the first one's late result is refused", async () => {
    const run = await startRun(test.db, { a: [] });
    const [first, second] = [await addWorker(test.db), await addWorker(test.db)];
    const late = await only(first.claim());
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${late.executionId}`;

    const rescued = await rescueExecutions(test.db, { overdueSeconds: 60, actorId: "sweep" });
    expect(rescued).toMatchObject([{ executionId: late.executionId, taskKey: "a", attempt: 1 }]);
    expect((await statusesOf(test.sql, run.runId)).a).toBe("RETRYING");
    const again = await only(second.claim());
    expect(again.attempt).toBe(2);
    expect(await first.end(late, completed)).toEqual([
      { executionId: late.executionId, answer: "lost" },
    ]);
    await second.end(again, completed);

    const outcomes = await test.sql`select outcome from attempts order by attempt`;
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["LOST", "COMPLETED"]);
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  });

  it("ends FAILED with worker_lost after five lost attempts in a row, without using up retries", async () => {
    const run = await startRun(test.db, { a: [] });
    const worker = await addWorker(test.db);
    for (let i = 0; i < 5; i++) {
      await test.sql`update executions set due_at = now() where status = 'RETRYING'`;
      await test.sql`update attempts set next_attempt_at = null`;
      const claimed = await only(worker.claim());
      await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${claimed.executionId}`;
      await rescueExecutions(test.db, { overdueSeconds: 60, actorId: "sweep" });
    }
    const [row] =
      await test.sql`select status, reason, retries_used from executions where run_id = ${run.runId}`;
    expect(row).toMatchObject({ status: "FAILED", reason: "worker_lost", retries_used: 0 });
  });

  it("writes CANCELLED, not RETRYING, when the lease of a cancelled attempt expires", async () => {
    const run = await startRun(test.db, { a: [], b: ["a"] });
    const worker = await addWorker(test.db);
    const a = await only(worker.claim());
    await cancelExecution(test.db, { executionId: a.executionId, force: false, actor: person });
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${a.executionId}`;

    await rescueExecutions(test.db, { overdueSeconds: 60, actorId: "sweep" });

    expect(await statusesOf(test.sql, run.runId)).toEqual({ a: "CANCELLED", b: "CANCELLED" });
  });
});

describe("a person", () => {
  it("cancels what waits at once, with its dependents", async () => {
    const run = await startRun(test.db, DIAMOND);
    await cancelExecution(test.db, { executionId: run.ids.b ?? "", force: false, actor: person });
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "SCHEDULED",
      b: "CANCELLED",
      c: "PENDING",
      d: "CANCELLED",
    });
  });

  it("cancels what runs for good: a completion after the request ends CANCELLED", async () => {
    const run = await startRun(test.db, { a: [], b: ["a"] });
    const worker = await addWorker(test.db);
    const a = await only(worker.claim());
    await worker.start(a);
    expect(
      await cancelExecution(test.db, { executionId: a.executionId, force: false, actor: person }),
    ).toEqual({ status: "RUNNING", requested: true });

    await worker.end(a, completed);

    expect(await statusesOf(test.sql, run.runId)).toEqual({ a: "CANCELLED", b: "CANCELLED" });
    expect(await runStatus(run.runId)).toBe("CANCELLED");
    await expect(
      cancelExecution(test.db, { executionId: a.executionId, force: false, actor: person }),
    ).resolves.toMatchObject({ status: "CANCELLED" });
  });

  it("cannot cancel what has completed before", async () => {
    const run = await startRun(test.db, { a: [] });
    const worker = await addWorker(test.db);
    await worker.end(await only(worker.claim()), completed);
    await expect(
      cancelExecution(test.db, { executionId: run.ids.a ?? "", force: false, actor: person }),
    ).rejects.toMatchObject({ code: "already_terminal" });
    await expect(
      cancelRun(test.db, { runId: run.runId, force: false, actor: person }),
    ).rejects.toMatchObject({ code: "already_terminal" });
  });

  it("cancels a whole run", async () => {
    const run = await startRun(test.db, { a: [], b: [], c: ["a"] });
    const worker = await addWorker(test.db);
    const held = await only(worker.claim(1));
    expect(await cancelRun(test.db, { runId: run.runId, force: false, actor: person })).toEqual({
      cancelled: 2,
      requested: 1,
    });
    expect(await worker.claim()).toEqual([]);
    await worker.end(held, { kind: "cancelled" });
    expect(await runStatus(run.runId)).toBe("CANCELLED");
  });

  it("pauses and resumes one execution; its due time survives", async () => {
    const scheduledAt = new Date(Date.now() + 3_600_000);
    const run = await startRun(test.db, { a: [] }, { scheduledAt });
    const executionId = run.ids.a ?? "";
    await pauseExecution(test.db, { executionId, actor: person });
    expect((await statusesOf(test.sql, run.runId)).a).toBe("PAUSED");
    await resumeExecution(test.db, { executionId, actor: person });
    const [row] = await test.sql`select status, due_at from executions where id = ${executionId}`;
    expect(row?.status).toBe("SCHEDULED");
    expect(new Date(row?.due_at)).toEqual(scheduledAt);
  });

  it("pauses a run: what runs goes on, what it releases or retries waits, and resuming continues", async () => {
    const run = await startRun(test.db, { a: [], x: [], b: ["a"] });
    const worker = await addWorker(test.db);
    const claimed = await worker.claim();
    await pauseRun(test.db, { runId: run.runId, actor: person });
    for (const each of claimed) await worker.end(each, each.taskKey === "a" ? completed : failed());
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "COMPLETED",
      b: "PAUSED",
      x: "PAUSED",
    });
    expect(await runStatus(run.runId)).toBe("PAUSED");

    await resumeRun(test.db, { runId: run.runId, actor: person });

    expect(await statusesOf(test.sql, run.runId)).toEqual({
      a: "COMPLETED",
      b: "SCHEDULED",
      x: "RETRYING",
    });
    expect(await runStatus(run.runId)).toBe("RUNNING");
  });
});

describe("the claim", () => {
  it("is strict in priority, then due time, and passes over future rows of any priority", async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    await startRun(
      test.db,
      { future: [] },
      { overrides: { future: { priority: "CRITICAL" } }, scheduledAt: inAnHour },
    );
    const priorities = {
      low: { priority: "LOW" },
      high: { priority: "HIGH" },
      medium: {},
    } as const;
    await startRun(test.db, { low: [], high: [], medium: [] }, { overrides: priorities });
    const worker = await addWorker(test.db);

    const claimed = await worker.claim(2);

    expect(claimed.map(({ taskKey }) => taskKey)).toEqual(["high", "medium"]);
    expect((await worker.claim()).map(({ taskKey }) => taskKey)).toEqual(["low"]);
  });

  it("offers a fair slot to what has waited beyond the starvation bound", async () => {
    await startRun(test.db, { old: [] }, { overrides: { old: { priority: "LOW" } } });
    await test.sql`update executions set due_at = now() - interval '1 h', scheduled_at = now() - interval '1 h'`;
    await startRun(test.db, { urgent: [] }, { overrides: { urgent: { priority: "CRITICAL" } } });
    const worker = await addWorker(test.db);
    expect((await worker.claim(1, { fairSlots: 1 })).map(({ taskKey }) => taskKey)).toEqual([
      "old",
    ]);
    expect((await worker.claim(1, { fairSlots: 1 })).map(({ taskKey }) => taskKey)).toEqual([
      "urgent",
    ]);
  });

  it("never gives one execution to two workers, and together they take everything", async () => {
    await startRun(
      test.db,
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`t${i}`, []])),
    );
    const workers = await Promise.all(Array.from({ length: 6 }, () => addWorker(test.db)));

    const claims = await Promise.all(workers.map((worker) => worker.claim(10)));

    const ids = claims.flat().map(({ executionId }) => executionId);
    expect(new Set(ids).size).toBe(60);
    expect(ids).toHaveLength(60);
  });
});
