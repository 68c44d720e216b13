import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { keysOf, openCompletingWorker } from "@/lib/testing/completing-worker";
import { statusesOf, TEST_ENGINE } from "@/lib/testing/engine-factories";
import { createPool } from "@/lib/testing/factories";
import { findViolations } from "@/lib/testing/invariants";
import { claimExecutions } from "./claim-executions";

type Completing = Awaited<ReturnType<typeof openCompletingWorker>>;

let test: Completing["test"];
let hot: Completing["hot"];
let claimInput: Completing["claimInput"];
let complete: Completing["complete"];
let prepare: Completing["prepare"];
let close: Completing["close"];

beforeAll(async () => {
  ({ test, hot, claimInput, complete, prepare, close } = await openCompletingWorker());
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.sql`delete from projects`;
});
afterAll(() => close());

/** Statuses and history of a run, without what differs from one to the next. */
async function historyOf(runId: string) {
  return {
    executions: await test.sql`
      select task_key, status, attempt, unfinished_dependencies, ready_at is not null as ready, started_at is not null as started,
        lease_token is not null as held, worker_id is not null as owned, deadline_at - lease_expires_at as time_left
      from executions where run_id = ${runId} order by task_key`,
    attempts: await test.sql`
      select task_key, a.attempt, outcome, a.worker_id, runner, a.lease_token = e.lease_token as same_token
      from attempts a join executions e on e.id = a.execution_id where run_id = ${runId} order by 1, 2`,
    events: await test.sql`
      select task_key, from_status, to_status, v.attempt, v.actor_type, v.actor_id from execution_events v
        join executions e on e.id = v.execution_id where run_id = ${runId} order by task_key, event_id`,
  };
}

const places = (maxLength: number) =>
  fc.array(fc.record({ priority: fc.integer({ min: 0, max: 3 }), place: fc.nat(10_000) }), {
    maxLength,
  });

describe("a completion that claims", () => {
  it("takes what a completion and the claim after it take, in the same order", async () => {
    await fc.assert(
      fc.asyncProperty(places(5), places(5), fc.nat(8), async (dependents, others, limit) => {
        const each = new Set([...dependents, ...others].map(({ place }) => place));
        fc.pre(each.size === dependents.length + others.length);
        const two = await prepare(dependents, others);
        await complete(two.parents, null);
        const after = await claimExecutions(hot.db, claimInput(limit));
        const inTwo = await historyOf(two.runId);
        await test.sql`delete from projects`;

        const one = await prepare(dependents, others);
        const { claim, executionIds } = await complete(one.parents, claimInput(limit));

        expect(executionIds.size).toBe(2);
        expect(keysOf(claim.executions)).toEqual(keysOf(after.executions));
        expect(after.fromQueue).toBe(after.executions.length);
        const fromQueue = keysOf(claim.executions).filter((key) => key.startsWith("o"));
        expect(claim.fromQueue).toBe(fromQueue.length);
        const kept = claim.executions.length - fromQueue.length;
        expect(claim.leftOver).toBe(dependents.length - kept);
        expect(await historyOf(one.runId)).toEqual(inTwo);
        expect(claim.nextDueInMs).toBe(after.nextDueInMs);
        expect(await findViolations(test.sql, { resting: false })).toEqual([]);
        await test.sql`delete from projects`;
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it("takes of what it releases what it takes with a look at an empty queue", async () => {
    await fc.assert(
      fc.asyncProperty(places(6), fc.nat(7), async (dependents, limit) => {
        fc.pre(new Set(dependents.map(({ place }) => place)).size === dependents.length);
        const long = await prepare(dependents, []);
        const looking = await complete(long.parents, claimInput(limit));
        const taken = await historyOf(long.runId);
        await test.sql`delete from projects`;

        const short = await prepare(dependents, []);
        const passing = await complete(short.parents, claimInput(limit, { onlyReleased: true }));

        expect(keysOf(passing.claim.executions)).toEqual(keysOf(looking.claim.executions));
        expect(await historyOf(short.runId)).toEqual(taken);
        expect(passing.claim.pools).toBe("none");
        expect(passing.claim.fromQueue).toBe(0);
        expect(passing.claim.leftOver).toBe(dependents.length - passing.claim.executions.length);
        await test.sql`delete from projects`;
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  it("leaves what waits to others when it is told to look only at what it releases", async () => {
    const { parents } = await prepare([{ priority: 1, place: 2 }], [{ priority: 3, place: 1 }]);

    const { claim } = await complete(parents, claimInput(10, { onlyReleased: true }));

    expect(keysOf(claim.executions)).toEqual(["d0"]);
    const next = await claimExecutions(hot.db, claimInput(10));
    expect(keysOf(next.executions)).toEqual(["o0"]);
  });

  it.each([false, true])(
    "does not count as left over what becomes due later (only released: %s)",
    async (onlyReleased) => {
      const { parents, ids } = await prepare([{ priority: 1, place: 1 }], []);
      await test.sql`update executions set due_at = now() + interval '1 h' where id = ${ids.d0 ?? ""}`;

      const { claim } = await complete(parents, claimInput(10, { onlyReleased }));

      expect(claim).toMatchObject({ executions: [], leftOver: 0 });
    },
  );

  it("says of what it takes all that a claim says", async () => {
    const { parents } = await prepare([{ priority: 1, place: 1 }], [{ priority: 1, place: 2 }]);

    const { claim } = await complete(parents, claimInput(10));

    const [released, other] = claim.executions;
    expect(released?.waitedMs).toBeGreaterThanOrEqual(0);
    const differing = { executionId: "", taskKey: "", taskName: "", leaseToken: "", waitedMs: 0 };
    expect({ ...released, ...differing }).toEqual({ ...other, ...differing });
    expect(Object.keys(released ?? {}).sort()).toEqual(Object.keys(parents[0] ?? {}).sort());
  });

  it.each([false, true])(
    "takes nothing while the circuit breaker of its engine is open (only released: %s)",
    async (onlyReleased) => {
      const { parents, runId } = await prepare(
        [{ priority: 1, place: 1 }],
        [{ priority: 1, place: 2 }],
      );
      await test.sql`
      insert into circuit_breakers (engine, opened_at, half_open_at, cooldown_seconds, probe_limit)
      values (${TEST_ENGINE}, now(), now() + interval '1 min', 60, 1)`;

      const { claim } = await complete(parents, claimInput(10, { onlyReleased }));
      await test.sql`delete from circuit_breakers`;

      expect(claim.executions).toEqual([]);
      expect(claim.halfOpenInMs).toBeGreaterThan(50_000);
      expect(await statusesOf(test.sql, runId)).toMatchObject({ d0: "SCHEDULED", o0: "SCHEDULED" });
    },
  );

  it.each([
    [10, false],
    [10, true],
    [1, true],
  ])(
    "leaves what it releases into a pool to the claim that looks at pools (%i slots, only released: %s)",
    async (limit, onlyReleased) => {
      const { parents, ids } = await prepare(
        [
          { priority: 1, place: 1 },
          { priority: 3, place: 2 },
        ],
        [],
      );
      const [row] = await test.sql`select project_id from executions where id = ${ids.d1 ?? ""}`;
      const poolId = await createPool(test.db, {
        projectId: row?.project_id,
        name: "db",
        slots: 1,
      });
      await test.sql`update executions set pool_id = ${poolId}, pool_key = '' where id = ${ids.d1 ?? ""}`;

      const { claim } = await complete(parents, claimInput(limit, { onlyReleased }));

      expect(keysOf(claim.executions)).toEqual(["d0"]);
      expect(claim.pools).toBe("needed");
      expect(claim.leftOver).toBe(0);
      const next = await claimExecutions(hot.db, claimInput(10, { looksAtPools: true }));
      expect(keysOf(next.executions)).toEqual(["d1"]);
    },
  );

  it.each([0, 5])(
    "takes nothing while something in a pool may come first, of %i fair slots",
    async (fairSlots) => {
      const { parents, ids, projectId } = await prepare(
        [{ priority: 1, place: 1 }],
        [{ priority: 1, place: 2 }],
      );
      const poolId = await createPool(test.db, { projectId, name: "db", slots: 1 });
      await test.sql`update executions set pool_id = ${poolId}, pool_key = '' where id = ${ids.o0 ?? ""}`;

      for (const looksAtPools of [false, true]) {
        const { claim } = await complete(parents, claimInput(10, { looksAtPools, fairSlots }));
        expect(claim).toMatchObject({ executions: [], pools: "needed" });
      }

      const next = await claimExecutions(hot.db, claimInput(10));
      expect(keysOf(next.executions)).toEqual(["d0", "o0"]);
    },
  );

  it("gives fair slots to what has waited too long, and the rest to what comes first", async () => {
    const urgent = { priority: 3, place: 5 };
    const first = { priority: 3, place: 4 };
    const { parents } = await prepare([first], [{ priority: 0, place: 1 }, urgent]);

    const { claim } = await complete(parents, claimInput(2, { fairSlots: 1 }));

    expect(keysOf(claim.executions).sort()).toEqual(["d0", "o0"]);
  });

  it("takes no more than its limit when what has waited too long comes first", async () => {
    const urgent = { priority: 3, place: 5 };
    const old = { priority: 0, place: 1 };
    const { parents } = await prepare([urgent, urgent, urgent], [old, old, old]);

    const { claim } = await complete(parents, claimInput(3, { fairSlots: 2 }));

    expect(keysOf(claim.executions).map((key) => key[0])).toEqual(["d", "o", "o"]);
  });

  it.each([false, true])(
    "knows when what it has released becomes due (only released: %s)",
    async (onlyReleased) => {
      const { parents, ids } = await prepare([{ priority: 1, place: 1 }], []);
      await test.sql`update executions set due_at = now() + interval '1 min' where id = ${ids.d0 ?? ""}`;

      const { claim } = await complete(parents, claimInput(10, { onlyReleased }));

      expect(claim.executions).toEqual([]);
      expect(claim.nextDueInMs).toBeGreaterThan(50_000);
      expect(claim.nextDueInMs).toBeLessThan(60_001);
    },
  );
});
