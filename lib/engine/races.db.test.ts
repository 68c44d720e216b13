import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "@/lib/db/database";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addProject,
  addWorker,
  completed,
  failed,
  person,
  startLargeRun,
  startRun,
  statusesOf,
  taskFields,
} from "@/lib/testing/engine-factories";
import { createPool } from "@/lib/testing/factories";
import { runInOrder, type Work } from "@/lib/testing/in-order";
import { findViolations } from "@/lib/testing/invariants";
import { cancelExecution } from "./cancel-execution";
import { cancelRun } from "./cancel-run";
import type { ClaimedExecution } from "./claim-executions";
import { createTask } from "./create-task";
import { extendLeases } from "./extend-leases";
import { pauseExecution } from "./pause-execution";
import { recordAttempts } from "./record-attempts";
import { rescueExecutions } from "./rescue-executions";
import { retryExecution } from "./retry-execution";
import { scheduleTask } from "./schedule-task";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.sql`delete from projects`;
});
afterAll(() => test.close());

const inOrder = <A, B>(first: Work<A>, second: Work<B>) => runInOrder(test, first, second);

async function startClaimed(options: { leaseSeconds?: number } = {}) {
  const run = await startRun(test.db, { a: [], b: ["a"] });
  const worker = await addWorker(test.db);
  const [claimed] = await worker.claim(1, options);
  if (!claimed) throw new Error("nothing was claimed");
  await worker.start(claimed);
  const complete: Work<string | undefined> = async (db) => {
    const reports = [{ ...claimed, startedMsAgo: null, end: completed } as const];
    const actor = { type: "worker", id: worker.workerId } as const;
    const [answer] = await recordAttempts(db, { reports, actor });
    return answer?.answer;
  };
  return { run, worker, claimed, complete };
}

const expire = ({ executionId }: ClaimedExecution) =>
  test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${executionId}`;
const rescue: Work<number> = async (db) => {
  const rescued = await rescueExecutions(db, { overdueSeconds: 40, actorId: "sweep" });
  return rescued.length;
};

const statusOf = async (executionId: string) => {
  const [row] = await test.sql`select status from executions where id = ${executionId}`;
  return row?.status;
};

describe("two parents that complete at the same moment", () => {
  it("release their dependent exactly once, 200 times in both orders", async () => {
    const shape: Record<string, string[]> = {};
    for (let i = 0; i < 20; i++)
      Object.assign(shape, { [`l${i}`]: [], [`r${i}`]: [], [`d${i}`]: [`l${i}`, `r${i}`] });
    for (let i = 0; i < 10; i++) await startLargeRun(test.db, shape);
    const [one, two] = await Promise.all([addWorker(test.db), addWorker(test.db)]);
    const parents = await one.claim(400);
    for (let i = 0; i < 20; i++) {
      const pairs = parents.filter(({ taskKey }) => taskKey === `l${i}` || taskKey === `r${i}`);
      if (i % 2) pairs.reverse();
      await Promise.all(pairs.map((claimed, n) => (n % 2 ? two : one).end(claimed, completed)));
    }

    const released = await test.sql`
      select execution_id from execution_events where from_status = 'PENDING' and to_status = 'SCHEDULED'`;
    expect(released).toHaveLength(200);
    expect(new Set(released.map(({ execution_id }) => execution_id)).size).toBe(200);
    expect(await one.claim(400)).toHaveLength(200);
  });

  it("release it also when the one cannot see the other's completion yet", async () => {
    const run = await startRun(test.db, { l: [], r: [], d: ["l", "r"] });
    const worker = await addWorker(test.db);
    const [l, r] = await worker.claim(2);
    if (!l || !r) throw new Error("nothing was claimed");
    const actor = { type: "worker", id: worker.workerId } as const;
    const complete = (claimed: ClaimedExecution) => (db: Db) =>
      recordAttempts(db, { reports: [{ ...claimed, startedMsAgo: null, end: completed }], actor });
    await inOrder(complete(l), complete(r));
    expect((await statusesOf(test.sql, run.runId)).d).toBe("SCHEDULED");
  });
});

describe("the sweep and a completion", () => {
  it("leave the completion when it comes first", async () => {
    const { claimed, complete } = await startClaimed();
    await expire(claimed);
    expect(await inOrder(complete, rescue)).toEqual(["recorded", 0]);
    expect(await statusOf(claimed.executionId)).toBe("COMPLETED");
  });

  it("refuse the completion when the sweep comes first", async () => {
    const { claimed, complete } = await startClaimed();
    await expire(claimed);
    expect(await inOrder(rescue, complete)).toEqual([1, "lost"]);
    expect(await statusOf(claimed.executionId)).toBe("RETRYING");
  });

  it("refuse the completion of an attempt whose successor runs already", async () => {
    const { run, worker, claimed, complete } = await startClaimed();
    await expire(claimed);
    await rescue(test.db);
    await test.sql`update executions set due_at = now() where id = ${claimed.executionId}`;
    await test.sql`update attempts set next_attempt_at = now()`;
    const [second] = await worker.claim(1);
    expect(second?.attempt).toBe(2);
    expect(await complete(test.db)).toBe("lost");
    expect(await statusesOf(test.sql, run.runId)).toEqual({ a: "PREPARING", b: "PENDING" });
  });
});

describe("several sweeps at once", () => {
  it("end each expired attempt once", async () => {
    for (let i = 0; i < 8; i++) await startRun(test.db, { a: [], b: [], c: [] });
    const worker = await addWorker(test.db);
    for (const claimed of await worker.claim(24)) await expire(claimed);

    let ended = 0;
    for (let round = 0; round < 4; round++) {
      const counts = await Promise.all(Array.from({ length: 8 }, () => rescue(test.db)));
      ended += counts.reduce((sum, n) => sum + n, 0);
    }

    expect(ended).toBe(24);
    const rows = await test.sql`select 1 from execution_events where to_status = 'RETRYING'`;
    expect(rows).toHaveLength(24);
  });

  it("do not wait for each other", async () => {
    const { claimed } = await startClaimed();
    await expire(claimed);
    expect(await inOrder(rescue, rescue)).toEqual([1, 0]);
  });
});

describe("a heartbeat", () => {
  it("does not wait for a row that somebody is changing", async () => {
    const { worker, claimed } = await startClaimed();
    const beat: Work<unknown> = (db) =>
      extendLeases(db, { workerId: worker.workerId, leases: [claimed], leaseSeconds: 30 });
    const cancel: Work<unknown> = (db) =>
      cancelExecution(db, { executionId: claimed.executionId, force: false, actor: person });
    const [, answers] = await inOrder(cancel, beat);
    expect(answers).toMatchObject({ leases: [{ state: "held", cancelRequested: false }] });
    expect(await beat(test.db)).toMatchObject({
      leases: [{ state: "held", cancelRequested: true }],
    });
  });
});

describe("a cancel and a completion", () => {
  const cancel =
    (executionId: string): Work<unknown> =>
    (db) =>
      cancelExecution(db, { executionId, force: false, actor: person });

  it("end COMPLETED when the completion comes first", async () => {
    const { claimed, complete } = await startClaimed();
    const answers = await inOrder(complete, cancel(claimed.executionId));
    expect(answers).toEqual(["recorded", "already_terminal"]);
    expect(await statusOf(claimed.executionId)).toBe("COMPLETED");
  });

  it("end CANCELLED when the request comes first, whatever the attempt yields", async () => {
    const { run, claimed, complete } = await startClaimed();
    await inOrder(cancel(claimed.executionId), complete);
    expect(await statusesOf(test.sql, run.runId)).toEqual({ a: "CANCELLED", b: "CANCELLED" });
  });

  it("end the same way for a whole run and its last completion", async () => {
    const stop = (runId: string) => (db: Db) =>
      cancelRun(db, { runId, force: false, actor: person });
    const first = await startClaimed();
    await first.complete(test.db);
    const [b] = await first.worker.claim(1);
    if (!b) throw new Error("nothing was claimed");
    const actor = { type: "worker", id: first.worker.workerId } as const;
    const complete = (db: Db) =>
      recordAttempts(db, { reports: [{ ...b, startedMsAgo: null, end: completed }], actor });
    const [, refusal] = await inOrder(complete, stop(first.run.runId));
    expect(refusal).toBe("already_terminal");

    const second = await startClaimed();
    await inOrder(stop(second.run.runId), second.complete);
    expect(await statusesOf(test.sql, second.run.runId)).toEqual({
      a: "CANCELLED",
      b: "CANCELLED",
    });
    const rows = await test.sql`select status from runs order by id`;
    expect(rows.map(({ status }) => status)).toEqual(["COMPLETED", "CANCELLED"]);
  });
});

describe("requests at the same moment", () => {
  it("retry an execution once", async () => {
    const run = await startRun(test.db, { a: [] }, { overrides: { a: { retryStrategy: "NONE" } } });
    const worker = await addWorker(test.db);
    for (const claimed of await worker.claim()) await worker.end(claimed, failed());
    const retry: Work<unknown> = (db) =>
      retryExecution(db, { executionId: run.ids.a ?? "", downstream: false, actor: person });
    expect(await inOrder(retry, retry)).toEqual([{ count: 1 }, "wrong_status"]);
  });

  it("under one idempotency key make one run", async () => {
    const projectId = await addProject(test.db);
    const { taskId } = await createTask(test.db, {
      projectId,
      task: taskFields("t"),
      actor: person,
    });
    const input = { taskId, overrides: {}, idempotencyKey: "once", actor: person };
    const runs = await Promise.all(Array.from({ length: 8 }, () => scheduleTask(test.db, input)));
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(1);
    expect(runs.filter(({ created }) => created)).toHaveLength(1);
    expect(runs.map(({ executions }) => executions.length)).toEqual(Array(8).fill(1));
  });

  it("pause what a worker has not claimed, and nothing it has", async () => {
    const run = await startRun(test.db, { a: [], b: [] });
    const worker = await addWorker(test.db);
    const pause =
      (executionId = ""): Work<unknown> =>
      (db) =>
        pauseExecution(db, { executionId, actor: person });
    const [, claimed] = await inOrder(pause(run.ids.a), () => worker.claim());
    expect(claimed).toMatchObject([{ taskKey: "b" }]);

    const other = await startRun(test.db, { c: [] });
    const [, refusal] = await inOrder((db) => worker.claim(10, {}, db), pause(other.ids.c));
    expect(refusal).toBe("wrong_status");
  });

  it("count the slots of a pool one after the other, though more urgent work comes in between", async () => {
    const projectId = await addProject(test.db);
    await createPool(test.db, { projectId, name: "db", slots: 2 });
    const start = (priority: "HIGH" | "LOW") =>
      startLargeRun(
        test.db,
        { a: [], b: [], c: [] },
        { projectId, overrides: { pool: "db", priority } },
      );
    await start("LOW");
    const [one, two] = await Promise.all([addWorker(test.db), addWorker(test.db)]);

    const [first, second] = await inOrder(
      async (db) => {
        const claimed = await one.claim(10, {}, db);
        await start("HIGH");
        return claimed;
      },
      () => two.claim(),
    );

    expect(first).toHaveLength(2);
    expect(second).toEqual([]);
  });

  it("claim each execution once, 8 workers for 400", async () => {
    const keys = Array.from({ length: 400 }, (_, i) => [`t${i}`, []]);
    await startLargeRun(test.db, Object.fromEntries(keys));
    const workers = await Promise.all(Array.from({ length: 8 }, () => addWorker(test.db)));
    const claims = await Promise.all(
      workers.map(async (worker) => {
        const mine: string[] = [];
        for (;;) {
          const claimed = await worker.claim(10);
          if (claimed.length === 0) return mine;
          mine.push(...claimed.map(({ executionId }) => executionId));
        }
      }),
    );
    expect(claims.flat()).toHaveLength(400);
    expect(new Set(claims.flat()).size).toBe(400);
  });
});
