import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunCounts, runStatusOf } from "@/lib/domain/status";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, failed, person, startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { cancelExecution } from "./cancel-execution";
import type { ClaimedExecution } from "./claim-executions";
import { completeAttempts } from "./complete-attempts";
import { pauseExecution } from "./pause-execution";
import { pauseRun } from "./pause-run";
import { recordAttempts, recordOrdinary, recordOthers } from "./record-attempts";
import { retryExecution } from "./retry-execution";
import { runStatusSql } from "./run-counts";
import { startAttempts } from "./start-attempts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

type Run = Awaited<ReturnType<typeof startRun>>;
type Worker = Awaited<ReturnType<typeof addWorker>>;
type Situation = {
  shape: Record<string, string[]>;
  /** Brings the run to the moment before `a` completes. */
  before?: (run: Run, worker: Worker) => Promise<unknown>;
};

const idOf = (run: Run, key: string) => ({ executionId: run.ids[key] ?? "", actor: person });
const DIAMOND = { a: [], b: ["a"], c: ["a"], d: ["b", "c"] };

const SITUATIONS: Record<string, Situation> = {
  "a task alone": { shape: { a: [] } },
  "a task with one that waits for it": { shape: { a: [], b: ["a"] } },
  "a task with several that wait": { shape: DIAMOND },
  "one of two that another waits for": { shape: { a: [], x: [], y: ["a", "x"] } },
  "one beside a failed one": {
    shape: { a: [], x: [], y: ["a", "x"] },
    before: async (_, worker) => {
      const [x] = await worker.claim(1);
      if (x) await worker.end(x, failed());
    },
  },
  "one whose dependent is paused": {
    shape: { a: [], b: ["a"] },
    before: (run) => pauseExecution(test.db, idOf(run, "b")),
  },
  "one whose dependent was cancelled": {
    shape: { a: [], b: ["a"], c: ["a"] },
    before: (run) => cancelExecution(test.db, { ...idOf(run, "b"), force: false }),
  },
  "one whose dependent was retried": {
    shape: { a: [], b: ["a"], c: ["a"] },
    before: async (run) => {
      await cancelExecution(test.db, { ...idOf(run, "b"), force: false });
      await retryExecution(test.db, { ...idOf(run, "b"), downstream: false });
    },
  },
  "one of a paused run": {
    shape: DIAMOND,
    before: (run) => pauseRun(test.db, { runId: run.runId, actor: person }),
  },
  "one whose cancel was requested": {
    shape: DIAMOND,
    before: (run) => cancelExecution(test.db, { ...idOf(run, "a"), force: false }),
  },
};

/** Everything a completion may write, without what differs from run to run. */
async function rowsOf(run: Run) {
  const { runId } = run;
  return {
    run: await test.sql`
      select status, completed_count, failed_count, cancelled_count, started_at is not null as started,
        finished_at is not null as finished from runs where id = ${runId}`,
    executions: await test.sql`
      select task_key, status, reason, attempt, unfinished_dependencies, lost_in_row, retries_used, result, result_attempt, error,
        paused_from, ready_at is not null as ready, finished_at is not null as finished, lease_token is not null as held, worker_id is not null as owned,
        (select task_key from executions c where c.id = e.cause_execution_id) as cause
      from executions e where run_id = ${runId} order by task_key`,
    attempts: await test.sql`
      select task_key, a.attempt, outcome, a.result, a.error, a.started_at is not null as started
      from attempts a join executions e on e.id = a.execution_id where run_id = ${runId} order by 1, 2`,
    events: await test.sql`
      select task_key, from_status, to_status, v.attempt, v.reason, v.actor_type
      from execution_events v join executions e on e.id = v.execution_id where run_id = ${runId} order by task_key, event_id`,
  };
}

async function prepare({ shape, before }: Situation) {
  // Nothing of another run may be claimed here.
  await test.sql`delete from projects`;
  const worker = await addWorker(test.db);
  const overrides = { x: { retryStrategy: "NONE" as const, priority: "HIGH" as const } };
  const run = await startRun(test.db, shape, { overrides: "x" in shape ? overrides : {} });
  // The one beside it is claimed first where a situation wants to end it.
  if (before?.length === 2) await before(run, worker);
  const claims = await worker.claim(10);
  const a = claims.find(({ taskKey }) => taskKey === "a");
  if (!a) throw new Error("a was not claimed");
  await worker.start(a);
  if (before && before.length < 2) await before(run, worker);
  return { run, a, actor: { type: "worker", id: worker.workerId } as const };
}

const reportOf = (a: ClaimedExecution) => ({ ...a, startedMsAgo: null, end: completed });

describe("a completion in one statement leaves what one in a transaction leaves:", () => {
  it.each(Object.entries(SITUATIONS))("%s", async (_, situation) => {
    const fast = await prepare(situation);
    await recordAttempts(test.db, { reports: [reportOf(fast.a)], actor: fast.actor });
    const inOneStatement = await rowsOf(fast.run);

    const slow = await prepare(situation);
    await recordOthers(test.db, { reports: [reportOf(slow.a)], actor: slow.actor });

    expect(inOneStatement).toEqual(await rowsOf(slow.run));
    expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  });
});

it.each([
  ["one of a paused run", false],
  ["one whose cancel was requested", false],
  ["one whose dependent is paused", true],
])("decides in one statement on %s: %s", async (name, decides) => {
  const { a, actor } = await prepare(SITUATIONS[name] ?? { shape: {} });

  const done = await recordOrdinary([reportOf(a)], {
    start: (attempts) => startAttempts(test.db, { attempts, actor }),
    complete: async (attempts) =>
      (await completeAttempts(test.db, { attempts, actor, claim: null })).executionIds,
  });

  expect(done.has(a.executionId)).toBe(decides);
});

it("records a start that is reported together with its end, at its own time", async () => {
  const worker = await addWorker(test.db);
  const run = await startRun(test.db, { a: [] });
  const [a] = await worker.claim(1);
  if (!a) throw new Error("nothing was claimed");
  await test.sql`update attempts set claimed_at = claimed_at - interval '1 min' where execution_id = ${a.executionId}`;

  await worker.report([{ ...a, startedMsAgo: 30_000, end: completed }]);

  const [attempt] = await test.sql`
    select extract(epoch from ended_at - started_at)::float8 as seconds from attempts where execution_id = ${a.executionId}`;
  expect(attempt?.seconds).toBeCloseTo(30, 1);
  const { events } = await rowsOf(run);
  expect(events.map(({ to_status }) => to_status)).toEqual([
    "SCHEDULED",
    "PREPARING",
    "RUNNING",
    "COMPLETED",
  ]);
});

it("gives a run the status that the rule gives, whatever ended before", async () => {
  const counts = [0, 1].flatMap((failed) =>
    [0, 1].flatMap((cancelled) =>
      [1, 2].map((completed) => ({ total: 3, completed, failed, cancelled })),
    ),
  );
  for (const each of counts)
    for (const cancelRequested of [false, true])
      expect(await statusInSql(each, cancelRequested)).toBe(
        runStatusOf({ counts: each, started: true, paused: false, cancelRequested }),
      );
});

async function statusInSql(counts: RunCounts, cancelRequested: boolean) {
  const [row] = await test.db.execute<{ status: string }>(sql`
    select ${runStatusSql(sql`r.completed_count`)} as status from (values (
      ${counts.total}::int, ${counts.completed}::int, ${counts.failed}::int, ${counts.cancelled}::int,
      ${cancelRequested ? "2026-01-01" : null}::timestamptz
    )) r (total_count, completed_count, failed_count, cancelled_count, cancel_requested_at)`);
  return row?.status;
}
