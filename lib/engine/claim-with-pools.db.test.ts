import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { channels } from "@/lib/db/channels";
import { createDbClient } from "@/lib/db/client";
import { hotSettings } from "@/lib/db/prepared";
import { type RunTogether, runTogether } from "@/lib/db/run-together";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addProject,
  addWorker,
  completed,
  failed,
  person,
  startLargeRun,
  TEST_ENGINE,
} from "@/lib/testing/engine-factories";
import { createPool, insertRun } from "@/lib/testing/factories";
import { findViolations } from "@/lib/testing/invariants";
import { claimExecutions } from "./claim-executions";
import { deletePool } from "./delete-pool";
import { pauseRun } from "./pause-run";
import { rescueExecutions } from "./rescue-executions";
import { resumeRun } from "./resume-run";
import { updatePool } from "./update-pool";

let test: TestDatabase;
let worker: Awaited<ReturnType<typeof addWorker>>;
let projectId: string;
let poolId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  worker = await addWorker(test.db);
});
beforeEach(async () => {
  projectId = await addProject(test.db);
  poolId = await createPool(test.db, { projectId, name: "db", slots: 2 });
});
afterEach(async () => {
  await test.sql`delete from projects`;
});
afterAll(() => test.close());

const keys = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, []]));
const start = (n: number, overrides: ExecutionOverrides = { pool: "db" }) =>
  startLargeRun(test.db, keys(n), { projectId, overrides });
const setSlots = (slots: number) =>
  updatePool(test.db, { projectId, poolId, slots, actor: person });
const expectSound = async () =>
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
const input = () => ({
  workerId: worker.workerId,
  runner: "process",
  engine: TEST_ENGINE,
  limit: 100,
  fairSlots: 0,
  starvationBoundSeconds: 600,
  leaseSeconds: 30,
});
const claimAll = () => claimExecutions(test.db, input());
const countClaimed = async (limit = 10) => (await worker.claim(limit)).length;

describe("a pool", () => {
  it("lets as many executions run at one time as it has slots, and the next when one ends", async () => {
    await start(5);

    const first = await worker.claim();
    expect(first).toHaveLength(2);
    expect(await worker.claim()).toEqual([]);

    for (const claimed of first.slice(0, 1)) await worker.end(claimed, completed);
    expect(await worker.claim()).toHaveLength(1);
    await expectSound();
  });

  it("has all its slots for each key, and for all without a key together", async () => {
    await start(3, { pool: "db", poolKey: "customer-1" });
    await start(3, { pool: "db", poolKey: "customer-2" });
    await start(3);

    const claimed = await worker.claim(100);

    const keyOf = new Map(
      (await test.sql`select id, pool_key from executions`).map((row) => [row.id, row.pool_key]),
    );
    const taken = claimed.map(({ executionId }) => keyOf.get(executionId));
    expect(taken.sort()).toEqual(["", "", "customer-1", "customer-1", "customer-2", "customer-2"]);
  });

  it("stands beside other pools and beside work without one", async () => {
    await createPool(test.db, { projectId, name: "other", slots: 1 });
    await start(3);
    await start(3, { pool: "other" });
    await start(3, {});

    expect(await countClaimed(100)).toBe(2 + 1 + 3);
  });

  it("gives no slot to what waits for a retry or is paused, nor to a worker that died", async () => {
    const run = await start(3, { pool: "db", retryStrategy: "FIXED_DELAY", maxRetries: 3 });
    const [retrying, lost] = await worker.claim();
    if (!retrying || !lost) throw new Error("two were expected");
    await worker.end(retrying, failed());
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${lost.executionId}`;
    await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" });
    expect(await countClaimed()).toBe(2);

    for (const {
      leaseToken,
    } of await test.sql`select lease_token as "leaseToken" from executions where lease_token is not null`)
      expect(leaseToken).not.toBe(lost.leaseToken);
    await pauseRun(test.db, { runId: run.runId, actor: person });
    await start(1);
    expect(await countClaimed()).toBe(0);
    await resumeRun(test.db, { runId: run.runId, actor: person });
    await expectSound();
  });

  it("takes a change of its slots at once, and stops nothing", async () => {
    await start(9);
    expect(await countClaimed()).toBe(2);

    await setSlots(4);
    const more = await worker.claim();
    expect(more).toHaveLength(2);

    await setSlots(1);
    for (const claimed of more) await worker.end(claimed, completed);
    expect(await countClaimed()).toBe(0);
    await expectSound();

    const held = await test.sql`select from executions where lease_token is not null`;
    expect(held).toHaveLength(2);
  });

  it("gives a worker nothing to look for while it is full", async () => {
    await start(5);
    const claim = await claimAll();
    expect(claim.executions).toHaveLength(2);
    expect(claim.nextDueInMs).toBeNull();

    await test.sql`update executions set due_at = now() + interval '1 hour' where task_key in ('t3', 't4')`;
    expect(await claimAll()).toMatchObject({ executions: [], nextDueInMs: null });
    await test.sql`update executions set due_at = now() + interval '1 hour' where status = 'SCHEDULED'`;

    for (const each of claim.executions) await worker.end(each, completed);
    expect((await claimAll()).nextDueInMs).toBeGreaterThan(3_500_000);
  });

  it("limits nothing any more once it is deleted", async () => {
    await start(9);
    expect(await countClaimed(100)).toBe(2);

    await deletePool(test.db, { projectId, poolId, actor: person });

    expect(await countClaimed(100)).toBe(7);
  });
});

it("never lets more run than there are slots, however many workers claim at once", async () => {
  await start(40, { pool: "db", poolKey: "a", priority: "HIGH" });
  await start(40, { pool: "db", poolKey: "b" });
  await start(20, {});
  // As a real worker does: on a connection of its own, with plans for any parameters.
  const clients = Array.from({ length: 8 }, () =>
    createDbClient(test.url, { max: 1, name: "claims", settings: hotSettings }),
  );
  let left = 100;

  await Promise.all(
    clients.map(async ({ db, sql, close }) => {
      const together: RunTogether = (statements) => runTogether(sql, statements);
      while (left > 0) {
        const claim = { ...input(), limit: 3, looksAtPools: left % 2 === 0 };
        const { executions } = await claimExecutions(db, claim, together);
        left -= executions.length;
        await Promise.all(executions.map((each) => worker.end(each, completed)));
      }
      await close();
    }),
  );

  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
});

describe("the order of the claim", () => {
  const execution = fc.record({
    priority: fc.integer({ min: 0, max: 3 }),
    waitedSeconds: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 900, max: 1200 })),
    poolKey: fc.option(fc.constantFrom("", "x")),
    status: fc.constantFrom("SCHEDULED" as const, "RETRYING" as const, "RUNNING" as const),
  });

  it("is one over rows with and without a pool, with a share for what has waited too long", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(execution, { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 3 }),
        async (facts, slots, limit, share) => {
          const fairSlots = Math.min(share, limit);
          await test.sql`delete from runs`;
          await setSlots(slots);
          const now = Date.now();
          const rows = facts.map(({ waitedSeconds, poolKey, ...rest }) => ({
            ...rest,
            poolId: poolKey === null ? null : poolId,
            poolKey,
            dueAt: new Date(now - waitedSeconds * 1000),
          }));
          const { executionIds } = await insertRun(test.db, { projectId, executions: rows });

          const claimed = await worker.claim(limit, { fairSlots });

          const known = rows.map((row, i) => ({ ...row, id: executionIds[i] ?? "" }));
          const wanted = expectedClaim(known, { slots, limit, fairSlots, now });
          expect(claimed.map(({ executionId }) => executionId).sort()).toEqual(wanted.sort());
        },
      ),
      { numRuns: 60, interruptAfterTimeLimit: 10_000 },
    );
  });

  type Row = {
    id: string;
    priority: number;
    dueAt: Date;
    poolKey: string | null;
    status: string;
  };

  /** The rule, told one row after the other. */
  function expectedClaim(
    rows: Row[],
    given: { slots: number; limit: number; fairSlots: number; now: number },
  ): string[] {
    const used = new Map<string, number>();
    const taken: string[] = [];
    const take = ({ id, poolKey }: Row): void => {
      if (taken.includes(id) || taken.length >= given.limit) return;
      const count = used.get(poolKey ?? id) ?? 0;
      if (poolKey !== null && count >= given.slots) return;
      used.set(poolKey ?? id, count + 1);
      taken.push(id);
    };
    for (const { poolKey, status } of rows)
      if (poolKey !== null && status === "RUNNING") used.set(poolKey, (used.get(poolKey) ?? 0) + 1);
    const ready = rows.filter(({ status }) => status !== "RUNNING");
    const byAge = ready.toSorted((a, b) => +a.dueAt - +b.dueAt || (a.id < b.id ? -1 : 1));
    for (const row of byAge)
      if (row.priority < 3 && +row.dueAt <= given.now - 600_000 && taken.length < given.fairSlots)
        take(row);
    for (const row of byAge.toSorted((a, b) => b.priority - a.priority)) take(row);
    return taken;
  }
});

describe("workers are told", () => {
  it("when a slot of a pool becomes free, and when there are more of them", async () => {
    let heard = 0;
    const { unlisten } = await test.sql.listen(channels.queue, () => heard++);
    const isHeard = (n: number) => expect.poll(() => heard).toBe(n);
    await start(5);
    await isHeard(1);

    const [one, two] = await worker.claim();
    if (!one || !two) throw new Error("two were expected");
    await worker.end(one, completed);
    await isHeard(2);
    await worker.end(two, failed({ class: "command_not_found" }));
    await isHeard(3);
    await setSlots(5);
    await isHeard(4);
    await setSlots(1);
    await deletePool(test.db, { projectId, poolId, actor: person });
    await isHeard(5);
    await unlisten();
  });
});
