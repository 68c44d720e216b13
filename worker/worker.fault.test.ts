import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { cancelRun } from "@/lib/engine/cancel-run";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { person, startRun, statusesOf } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { findProcesses } from "./testing/process-marks";
import { startBuiltWorker } from "./testing/start-built-worker";
import { type WorkerProcess, waitFor } from "./testing/worker-process";

let test: TestDatabase;
let dataDir: string;
let workers: WorkerProcess[];

beforeEach(async () => {
  test = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), "dagline-fault-"));
  workers = [];
});

afterEach(async () => {
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function startWorker(env: Record<string, string> = {}) {
  const worker = await startBuiltWorker({ databaseUrl: test.url, dataDir, env });
  workers.push(worker);
  return worker;
}

const shell = (script: string, fields: ExecutionOverrides = {}): ExecutionOverrides => ({
  workflowParams: { image: "alpine:3.20", command: ["sh", "-c", script] },
  ...fields,
});

async function startShell(script: string, fields: ExecutionOverrides = {}) {
  const run = await startRun(
    test.db,
    { a: [], b: ["a"] },
    { overrides: { a: shell(script, fields) } },
  );
  return { ...run, executionId: run.ids.a ?? "" };
}

function waitForStatus(run: { runId: string }, key: string, status: string) {
  return waitFor(
    `${key} to be ${status}`,
    async () => (await statusesOf(test.sql, run.runId))[key] === status,
  );
}

function waitForRun(run: { runId: string }, status: string, limitMs?: number) {
  const ask = async () => {
    const [row] = await test.sql`select status from runs where id = ${run.runId}`;
    return row?.status === status;
  };
  return waitFor(`the run to be ${status}`, ask, limitMs);
}

const outcomesOf = async (executionId: string) => {
  const rows =
    await test.sql`select outcome from attempts where execution_id = ${executionId} order by attempt`;
  return rows.map(({ outcome }) => outcome);
};

/** A text that stands in the command line of the task's processes and nowhere else. */
const newMark = () => `mark-${crypto.randomUUID()}`;

/** Starts descendants that try to get away: in a session of their own, deaf to hang-ups, forked twice. */
const escapees = (mark: string) =>
  `(setsid sh -c 'sleep 1000; : ${mark}' &) ; nohup sh -c 'sleep 1000; : ${mark}' >/dev/null 2>&1 & sh -c "sh -c 'sleep 1000; : ${mark}' &" ; sh -c 'sleep 1000; : ${mark}'`;

describe("a worker that is killed", () => {
  it("takes its task's processes with it, and another worker runs the execution again", async () => {
    const mark = newMark();
    const first = await startWorker();
    const run = await startShell(`if [ "$DAGLINE_ATTEMPT" = 1 ]; then ${escapees(mark)}; fi`);
    await waitForStatus(run, "a", "RUNNING");
    await waitFor("the task's processes", () => findProcesses(mark).length >= 3);

    first.signal("SIGKILL");
    await first.ended;

    await waitFor("no process to be left", () => findProcesses(mark).length === 0, 2000);
    await startWorker();
    await waitForRun(run, "COMPLETED");
    expect(await outcomesOf(run.executionId)).toEqual(["LOST", "COMPLETED"]);
  });

  it("leaves its timeout to the sweep of another", async () => {
    const first = await startWorker();
    const run = await startShell("sleep 1000", { timeoutSeconds: 1, retryStrategy: "NONE" });
    await waitForStatus(run, "a", "RUNNING");
    first.signal("SIGKILL");
    await startWorker();
    await waitForStatus(run, "a", "TIMEOUT");
    await waitForRun(run, "FAILED");
  });

  it("after a cancel was requested, ends CANCELLED and not RETRYING", async () => {
    const first = await startWorker();
    const run = await startShell("sleep 1000");
    await waitForStatus(run, "a", "RUNNING");
    first.signal("SIGSTOP");
    await cancelExecution(test.db, { executionId: run.executionId, force: false, actor: person });
    first.signal("SIGKILL");
    await startWorker();
    await waitForRun(run, "CANCELLED");
    expect(await statusesOf(test.sql, run.runId)).toEqual({ a: "CANCELLED", b: "CANCELLED" });
  });
});

describe("a worker that was stopped past its lease", () => {
  it("kills its work when it wakes, and records nothing", async () => {
    const mark = newMark();
    const sleeper = await startWorker();
    const run = await startShell(
      `if [ "$DAGLINE_ATTEMPT" = 1 ]; then sh -c 'sleep 6; : ${mark}'; fi; echo "by=$DAGLINE_ATTEMPT" > $TASK_OUTPUT`,
    );
    await waitForStatus(run, "a", "RUNNING");
    sleeper.signal("SIGSTOP");
    await startWorker();
    await waitForRun(run, "COMPLETED");

    sleeper.signal("SIGCONT");

    await waitFor("the sleeper to fence itself", () => sleeper.log().includes("FENCED"));
    await waitFor("its processes to be gone", () => findProcesses(mark).length === 0, 3000);
    const [row] =
      await test.sql`select result->'outputs'->>'by' as by, attempt from executions where id = ${run.executionId}`;
    expect(row).toMatchObject({ by: "2", attempt: 2 });
    expect(await outcomesOf(run.executionId)).toEqual(["LOST", "COMPLETED"]);
  });
});

describe("workers beside each other", () => {
  it("share 120 executions, and each is run once", async () => {
    const shape = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`t${i}`, []]));
    const run = await startRun(test.db, shape);
    await Promise.all([startWorker(), startWorker()]);
    await waitForRun(run, "COMPLETED", 60_000);
    const rows =
      await test.sql`select worker_id, count(*)::int as n from attempts group by worker_id`;
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(120);
    expect(rows).toHaveLength(2);
  });

  it("lose nothing while they are killed at random and replaced", async () => {
    const shape = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `t${i}`,
        i < 10
          ? []
          : [`t${i - 10}`, `t${(i * 7) % (i - (i % 10))}`].filter(
              (k, n, all) => all.indexOf(k) === n,
            ),
      ]),
    );
    const run = await startRun(test.db, shape, {
      overrides: Object.fromEntries(Object.keys(shape).map((key) => [key, shell("sleep 0.2")])),
    });
    await Promise.all([startWorker(), startWorker()]);
    for (let round = 0; round < 5; round++) {
      const [victim] = workers.splice(round % workers.length, 1);
      const done = await test.sql`select 1 from executions where status = 'COMPLETED'`;
      await waitFor(
        "some progress",
        async () =>
          (await test.sql`select 1 from executions where status = 'COMPLETED'`).length >
          Math.min(done.length + 2, 38),
      );
      victim?.signal("SIGKILL");
      await startWorker();
    }
    await waitForRun(run, "COMPLETED", 60_000);
    const results = await test.sql`select execution_id from attempts where outcome = 'COMPLETED'`;
    expect(results).toHaveLength(40);
  });
});

describe("a cancel", () => {
  it("ends a running task that ignores SIGTERM, with everything it started", async () => {
    const mark = newMark();
    await startWorker();
    const run = await startShell(`trap '' TERM; ${escapees(mark)}`);
    await waitFor("the task's processes", () => findProcesses(mark).length >= 3);

    await cancelExecution(test.db, { executionId: run.executionId, force: false, actor: person });

    await waitForRun(run, "CANCELLED", 5000);
    expect(findProcesses(mark)).toEqual([]);
  });

  it("against completions at the same moment is CANCELLED or COMPLETED, and final either way", async () => {
    await startWorker({ MAX_CONCURRENT_EXECUTIONS: "20" });
    const shape = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`t${i}`, []]));
    const run = await startRun(test.db, shape, {
      overrides: Object.fromEntries(
        Object.keys(shape).map((key, i) => [key, shell(`sleep 0.${i % 10}`)]),
      ),
    });
    const requests = Object.values(run.ids).map(async (executionId, i) => {
      await new Promise((resolve) => setTimeout(resolve, (i % 20) * 60));
      await cancelExecution(test.db, { executionId, force: i % 2 === 0, actor: person }).catch(
        (error: unknown) => {
          expect(error).toMatchObject({ code: "already_terminal" });
        },
      );
    });
    await Promise.all(requests);
    await waitFor("all to be final", async () => {
      const rows = await test.sql`select 1 from executions where finished_at is null`;
      return rows.length === 0;
    });
    const rows =
      await test.sql`select status, cancel_requested_at is not null as requested from executions`;
    for (const { status, requested } of rows) expect(requested ? "CANCELLED" : status).toBe(status);
  });

  it("of a whole run stops what runs and what waits", async () => {
    await startWorker();
    const run = await startShell("sleep 1000");
    await waitForStatus(run, "a", "RUNNING");
    await cancelRun(test.db, { runId: run.runId, force: true, actor: person });
    await waitForRun(run, "CANCELLED", 5000);
  });
});

describe("a timeout", () => {
  it("really stops the work", async () => {
    const mark = newMark();
    await startWorker();
    const run = await startShell(escapees(mark), { timeoutSeconds: 1, retryStrategy: "NONE" });
    await waitForStatus(run, "a", "TIMEOUT");
    expect(findProcesses(mark)).toEqual([]);
  });
});

describe("a worker that is asked to stop", () => {
  it("lets short work finish, gives the rest back uncounted, and exits with 0", async () => {
    const first = await startWorker();
    const run = await startRun(
      test.db,
      { short: [], long: [] },
      {
        overrides: {
          short: shell("sleep 0.5"),
          long: shell('[ "$DAGLINE_ATTEMPT" -gt 1 ] || sleep 1000'),
        },
      },
    );
    await waitForStatus(run, "short", "RUNNING");
    await waitForStatus(run, "long", "RUNNING");

    first.signal("SIGTERM");

    expect(await first.ended).toBe(0);
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      short: "COMPLETED",
      long: "SCHEDULED",
    });
    const [row] =
      await test.sql`select retries_used, reason from executions where id = ${run.ids.long ?? ""}`;
    expect(row).toMatchObject({ retries_used: 0, reason: "released" });
    await startWorker();
    await waitForRun(run, "COMPLETED");
    expect(await outcomesOf(run.ids.long ?? "")).toEqual(["RELEASED", "COMPLETED"]);
  });
});

describe("a worker whose database a newer version migrates", () => {
  it("gives its work back, ends, and does not start again", async () => {
    const worker = await startWorker();
    const run = await startShell('[ "$DAGLINE_ATTEMPT" -gt 1 ] || sleep 1000');
    await waitForStatus(run, "a", "RUNNING");

    await test.sql`
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', ${Date.now() + 1e12})`;
    await test.sql`select pg_notify('dagline_schema', '')`;

    expect(await worker.ended).toBe(0);
    expect(await outcomesOf(run.executionId)).toEqual(["RELEASED"]);
    await expect(startWorker()).rejects.toThrow("newer version of Dagline");
    await test.sql`delete from drizzle.__drizzle_migrations where hash = 'newer'`;
    await startWorker();
    await waitForRun(run, "COMPLETED");
  });
});

describe("notifications", () => {
  it("may be lost and may come by the thousand: only the time differs", async () => {
    await startWorker();
    await startWorker();
    const run = await startRun(
      test.db,
      { a: [], b: ["a"], c: ["b"], d: ["c"] },
      { overrides: { a: shell("sleep 0.3"), c: shell("sleep 0.3") } },
    );
    for (let rounds = 0; rounds < 10; rounds++) {
      await test.sql`select pg_notify('dagline_queue', n::text) from generate_series(1, 200) n`;
      await test.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'dagline worker listener' and datname = current_database()`;
    }
    await waitForRun(run, "COMPLETED");
    expect(await outcomesOf(run.ids.d ?? "")).toEqual(["COMPLETED"]);
  });
});

describe("a bad row", () => {
  it("fails its own execution and nothing else", async () => {
    await test.sql`select 1`;
    const run = await startRun(test.db, { bad: [], worse: [], good: [] });
    await test.sql`update executions set workflow_params = '{"image": 7}' where task_key = 'bad'`;
    await test.sql`update executions set workflow_params = '[[["deep"]]]' where task_key = 'worse'`;
    const worker = await startWorker();
    await waitForRun(run, "FAILED");
    expect(await statusesOf(test.sql, run.runId)).toEqual({
      bad: "FAILED",
      worse: "FAILED",
      good: "COMPLETED",
    });
    expect(worker.child.exitCode).toBeNull();
  });
});
