import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { getExecutionStats } from "@/lib/db/queries/stats";
import { circuitBreakers } from "@/lib/db/schema/breakers";
import { executionStatuses, isFinal } from "@/lib/domain/status";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, failed, person, startRun } from "@/lib/testing/engine-factories";
import { createProject, insertRun, insertWorker } from "@/lib/testing/factories";
import { countBlocked } from "@/lib/testing/in-order";
import { findViolations } from "@/lib/testing/invariants";
import { addSchedule, readSchedule } from "@/lib/testing/schedule-factories";
import { cancelRun } from "./cancel-run";
import { createRun } from "./create-run";
import { fireSchedule } from "./fire-schedule";
import { pruneRuns } from "./prune-runs";
import { pruneWorkers } from "./prune-workers";
import { retryRun } from "./retry-run";

let test: TestDatabase;
let projectId: string;

beforeEach(async () => {
  test = await createTestDatabase();
  projectId = await createProject(test.db);
});
afterEach(() => test.close());

const prune = (maxRows = 1000, db = test.db) => pruneRuns(db, { retentionDays: 30, maxRows });
const age = (runId: string, days = 31) =>
  test.sql`update runs set finished_at = now() - make_interval(days => ${days}) where id = ${runId} and finished_at is not null`;
const keptRuns = async () =>
  (await test.sql<{ id: string }[]>`select id from runs order by id`).map(({ id }) => id);
/** Everything that has rows for executions, with how many. */
const rowsLeft = async () => {
  const [row] = await test.sql`
    select (select count(*)::int from executions) as executions, (select count(*)::int from attempts) as attempts,
      (select count(*)::int from execution_events) as events, (select count(*)::int from execution_logs) as logs,
      (select count(*)::int from execution_dependencies) as dependencies`;
  return row;
};

/** A run of a chain that failed at its second task, with history and output, which ended so many days ago. */
async function addEndedRun(days: number) {
  const overrides = { b: { retryStrategy: "NONE" as const } };
  const run = await startRun(test.db, { a: [], b: ["a"], c: ["b"] }, { overrides });
  const worker = await addWorker(test.db);
  for (const end of [completed, failed()]) {
    const [claimed] = await worker.claim(1);
    if (!claimed) throw new Error("Nothing was ready.");
    await worker.start(claimed);
    await test.sql`
      insert into execution_logs (execution_id, attempt, first_line, line_count, content)
      values (${claimed.executionId}, 1, 1, 1, 'oa line')`;
    await worker.end(claimed, end);
  }
  await age(run.runId, days);
  return run;
}

describe("pruneRuns", () => {
  it("deletes what has been over for longer than that, with all that belongs to it, and nothing else", async () => {
    await addEndedRun(31);
    await addEndedRun(400);
    const young = await addEndedRun(29);

    expect(await prune()).toEqual({ runs: 2, executions: 6, more: false });

    expect(await keptRuns()).toEqual([young.runId]);
    expect(await rowsLeft()).toEqual({
      executions: 3,
      attempts: 2,
      events: 11,
      logs: 2,
      dependencies: 2,
    });
    expect(await findViolations(test.sql, { resting: true })).toEqual([]);
    expect(await prune()).toEqual({ runs: 0, executions: 0, more: false });
  });

  it("never touches a run of which something is not final, however old it is", async () => {
    const statuses = fc.array(fc.constantFrom(...executionStatuses), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(statuses, { minLength: 1, maxLength: 5 }), async (shapes) => {
        const kept = [];
        for (const shape of shapes) {
          const executions = shape.map((status) => ({ status }));
          const { runId } = await insertRun(test.db, { projectId, executions });
          await test.sql`
            update runs set created_at = now() - interval '99 days', started_at = now() - interval '99 days' where id = ${runId}`;
          await age(runId);
          if (!shape.every(isFinal)) kept.push(runId);
        }

        await prune();

        expect(await keptRuns()).toEqual(kept);
        await test.sql`delete from runs`;
      }),
      { numRuns: 25 },
    );
  });

  it("takes whole runs, the oldest first, as many as a batch may have, and one that is larger by itself", async () => {
    const executions = Array.from({ length: 4 }, () => ({ status: "COMPLETED" as const }));
    const ids = [];
    for (let i = 0; i < 5; i++) {
      const { runId } = await insertRun(test.db, { projectId, executions });
      await age(runId, 40 - i);
      ids.push(runId);
    }

    expect(await prune(9)).toEqual({ runs: 2, executions: 8, more: true });
    expect(await keptRuns()).toEqual(ids.slice(2));
    expect(await prune(1)).toEqual({ runs: 1, executions: 4, more: true });
    expect(await prune(1)).toEqual({ runs: 1, executions: 4, more: true });
    expect(await prune(1)).toEqual({ runs: 1, executions: 4, more: false });
  });

  it("counts pieces of output towards a batch", async () => {
    const first = await addEndedRun(33);
    const second = await addEndedRun(32);
    await test.sql`
      insert into execution_logs (execution_id, attempt, first_line, line_count, content)
      select ${first.ids.a ?? ""}, 1, n, 1, 'oa line' from generate_series(2, 100) n`;

    expect(await prune(100)).toEqual({ runs: 1, executions: 3, more: true });
    expect(await keptRuns()).toEqual([second.runId]);
  });

  it("is done by one process at a time", async () => {
    await addEndedRun(31);
    await test.db.transaction(async (tx) => {
      expect(await prune(1000, tx)).toMatchObject({ runs: 1 });

      expect(await prune()).toBeNull();
    });
    const answers = await Promise.all([prune(), prune(), prune()]);
    expect(answers.filter((each) => each && each.runs > 0)).toEqual([]);
  });

  it("leaves a run that a person is starting again", async () => {
    const { runId } = await addEndedRun(31);
    await test.db.transaction(async (tx) => {
      await retryRun(tx, { runId, actor: person });

      expect(await prune()).toMatchObject({ runs: 0 });
    });
    expect(await prune()).toMatchObject({ runs: 0 });
    expect(await keptRuns()).toEqual([runId]);
    expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  });

  it("leaves a run that was started again between its choice and its lock", async () => {
    const { runId } = await addEndedRun(31);
    let pruning: ReturnType<typeof prune> | undefined;
    await test.db.transaction(async (tx) => {
      // The pruner asks for the output of the runs that it has chosen, which this holds up.
      await tx.execute("lock table execution_logs in access exclusive mode");
      pruning = prune();
      await waitForLock();
      await retryRun(test.db, { runId, actor: person });
    });
    expect(await pruning).toMatchObject({ runs: 0 });
    expect(await keptRuns()).toEqual([runId]);
  });

  it("tells a person who comes later that there is no such run", async () => {
    const { runId } = await addEndedRun(31);
    let retry: Promise<unknown> = Promise.resolve();
    await test.db.transaction(async (tx) => {
      await prune(1000, tx);
      retry = retryRun(test.db, { runId, actor: person }).catch((error: unknown) => error);
      await waitForLock();
    });
    expect(await retry).toMatchObject({ code: "not_found" });
    expect(await keptRuns()).toEqual([]);
  });

  it("leaves statistics of what is kept", async () => {
    await addEndedRun(31);
    const kept = await addEndedRun(1);

    await prune();

    const counted = {
      total_executions: 3,
      attempts: 2,
      successful_executions: 1,
      failed_executions: 1,
    };
    expect(await getExecutionStats(test.db, {})).toMatchObject(counted);
    expect(await getExecutionStats(test.db, { projectId: kept.projectId })).toMatchObject(counted);
  });

  it("sets the key of a request free again", async () => {
    const { projectId: ofTask } = await startRun(test.db, { a: [] });
    const [task] = await test.sql<
      { id: string }[]
    >`select id from tasks where project_id = ${ofTask}`;
    const start = () =>
      createRun(test.db, {
        projectId: ofTask,
        source: "task",
        name: "Run",
        nodes: [{ key: "a", taskId: task?.id ?? "", dependsOn: [], overrides: {} }],
        request: {},
        idempotencyKey: "k",
        actor: person,
      });
    const first = await start();
    await cancelRun(test.db, { runId: first.runId, force: false, actor: person });
    expect(await start()).toMatchObject({ created: false, runId: first.runId });

    await age(first.runId);
    await prune();

    expect(await start()).toMatchObject({ created: true });
  });
});

it("makes no schedule fire a second time", async () => {
  const { scheduleId } = await addSchedule(test.db);
  await test.sql`update schedules set next_fire_at = date_trunc('second', now()) where id = ${scheduleId}`;
  const fired = await fireSchedule(test.db);
  await cancelRun(test.db, { runId: fired?.runId ?? "", force: false, actor: person });
  await age(fired?.runId ?? "");

  expect(await prune()).toMatchObject({ runs: 1 });

  expect(await fireSchedule(test.db)).toBeNull();
  expect(await readSchedule(test.db, scheduleId)).toMatchObject({
    latestRun: null,
    lastFire: { at: fired?.fireAt.toISOString(), outcome: "started" },
  });
});

describe("pruneWorkers", () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const names = async () =>
    (await test.sql<{ name: string }[]>`select name from workers order by name`).map((w) => w.name);

  it("deletes workers nobody has heard of, unless a run is kept that they may have worked for", async () => {
    await insertWorker(test.db, { name: "lives" });
    await insertWorker(test.db, { name: "gone", heartbeatAt: daysAgo(40) });
    await insertWorker(test.db, { name: "long gone", heartbeatAt: daysAgo(90) });
    const { runId } = await insertRun(test.db, {
      projectId,
      executions: [{ status: "SCHEDULED" }],
    });
    await test.sql`update runs set created_at = ${daysAgo(50).toISOString()} where id = ${runId}`;

    expect(await pruneWorkers(test.db, { retentionDays: 30 })).toEqual({ workers: 1, breakers: 0 });
    expect(await names()).toEqual(["gone", "lives"]);

    await test.sql`delete from runs`;
    expect(await pruneWorkers(test.db, { retentionDays: 30 })).toMatchObject({ workers: 1 });
    expect(await names()).toEqual(["lives"]);
  });

  it("keeps a worker in whose name something is held, whatever the clocks say", async () => {
    await startRun(test.db, { a: [] });
    const holder = await addWorker(test.db);
    await holder.claim(1);
    await test.sql`update workers set heartbeat_at = ${daysAgo(40).toISOString()}`;

    expect(await pruneWorkers(test.db, { retentionDays: 30 })).toMatchObject({ workers: 0 });

    await test.sql`delete from runs`;
    expect(await pruneWorkers(test.db, { retentionDays: 30 })).toMatchObject({ workers: 1 });
  });

  it("deletes breakers of engines that no worker names any more", async () => {
    await insertWorker(test.db, { engine: "used" });
    const old = { updatedAt: daysAgo(40), cooldownSeconds: 30, probeLimit: 2 };
    await test.db.insert(circuitBreakers).values([
      { ...old, engine: "used" },
      { ...old, engine: "unused" },
      { ...old, engine: "unused lately", updatedAt: daysAgo(2) },
    ]);

    expect(await pruneWorkers(test.db, { retentionDays: 30 })).toEqual({ workers: 0, breakers: 1 });

    const rows = await test.sql`select engine from circuit_breakers order by 1`;
    expect(rows.map(({ engine }) => engine)).toEqual(["unused lately", "used"]);
  });
});

/** Until some session of this database waits for a lock. */
async function waitForLock(): Promise<void> {
  await expect.poll(() => countBlocked(test)).toBeGreaterThan(0);
}
