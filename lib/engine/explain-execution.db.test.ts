import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { listExplanations } from "@/lib/db/queries/explanations";
import { executionStatuses } from "@/lib/domain/status";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createPool, createProject, insertRun, insertWorker } from "@/lib/testing/factories";
import { claimExecutions } from "./claim-executions";
import { claimProbes } from "./claim-probes";
import { explainExecution } from "./explain-execution";

let test: TestDatabase;
let projectId: string;
/** Two pools of the project, and one that was deleted. */
let poolIds: string[];

beforeAll(async () => {
  test = await createTestDatabase();
  projectId = await createProject(test.db);
  const pool = { projectId };
  poolIds = [await createPool(test.db, pool), await createPool(test.db, pool), uuidv7()];
});
afterAll(() => test.close());

const clear = () => test.sql`delete from runs`;
beforeEach(async () => {
  await clear();
  await test.sql`delete from workers`;
});

/** How many slots each of the two pools has. */
const slots = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));

async function setSlots(given: number[]): Promise<void> {
  for (const [i, n] of given.entries())
    await test.sql`update pools set slots = ${n} where id = ${poolIds[i] ?? ""}`;
}

/** An execution in any status whose time has come or lies ahead, by a margin that no test run is slow enough to cross. */
const execution = fc.record({
  status: fc.constantFrom(...executionStatuses),
  priority: fc.integer({ min: 0, max: 3 }),
  dueInSeconds: fc.oneof(fc.integer({ min: -2000, max: -1 }), fc.integer({ min: 300, max: 900 })),
  pool: fc.option(fc.record({ number: fc.nat(2), poolKey: fc.constantFrom("", "x", "y") })),
});

const run = fc.record({
  paused: fc.boolean(),
  executions: fc.array(execution, { minLength: 1, maxLength: 12 }),
});

type RunFacts = typeof run extends fc.Arbitrary<infer T> ? T : never;

async function insert(facts: RunFacts[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { paused, executions } of facts) {
    const rows = executions.map(({ dueInSeconds, pool, ...rest }) => ({
      ...rest,
      ...(pool && { poolId: poolIds[pool.number], poolKey: pool.poolKey }),
      dueAt: new Date(Date.now() + dueInSeconds * 1000),
    }));
    const inserted = await insertRun(test.db, { projectId, paused, executions: rows });
    ids.push(...inserted.executionIds);
  }
  return ids;
}

function claimInput(limit: number) {
  return {
    workerId: uuidv7(),
    runner: "process",
    engine: "process@test",
    limit,
    fairSlots: 0,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
  };
}

async function claim(limit: number, given: { engine?: string } = {}) {
  const { executions } = await claimExecutions(test.db, { ...claimInput(limit), ...given });
  return executions.map(({ executionId }) => executionId);
}

it("says runnable exactly of what a claim with free slots would take", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 4 }), slots, async (facts, n) => {
      await clear();
      await setSlots(n);
      const ids = await insert(facts);

      const explanations = await listExplanations(test.db, { executionIds: ids });
      const claimed = await claim(1000);

      const runnable = ids.filter((id) => explanations.get(id)?.runnable);
      expect(claimed.toSorted()).toEqual(runnable.toSorted());
    }),
    { numRuns: 60 },
  );
});

const LIMIT = 2;
const engine = fc.oneof(
  fc.record({
    state: fc.constantFrom<"closed" | "open">("closed", "open"),
    probes: fc.constant(0),
  }),
  fc.record({
    state: fc.constant("half-open" as const),
    probes: fc.integer({ min: 0, max: LIMIT }),
  }),
);
type EngineFacts = typeof engine extends fc.Arbitrary<infer T> ? T : never;

/** A worker alive of an engine of its own, whose breaker stands so, with so many probes held. */
async function insertEngine({ state, probes }: EngineFacts) {
  const name = uuidv7();
  const workerId = await insertWorker(test.db, { engine: name });
  if (state !== "closed") {
    const halfOpenIn = state === "open" ? 300 : -300;
    await test.sql`insert into circuit_breakers (engine, opened_at, half_open_at, cooldown_seconds, probe_limit)
      values (${name}, now() - interval '600 s', now() + make_interval(secs => ${halfOpenIn}), 600, ${LIMIT})`;
  }
  const held = Array.from({ length: probes }, () => ({ status: "RUNNING" as const, workerId }));
  if (probes === 0) return name;
  const { executionIds } = await insertRun(test.db, { projectId, executions: held });
  await test.sql`insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
    select id, attempt, lease_token, worker_id, 'process', now() - interval '1 s' from executions
    where id in ${test.sql(executionIds)}`;
  return name;
}

/** What workers of these engines take, each in the way that its breaker asks for. */
async function claimByAll(engines: string[]): Promise<string[]> {
  const claimed: string[] = [];
  for (const name of engines) {
    claimed.push(...(await claim(1000, { engine: name })));
    // Nothing waits beyond this bound: a probe for what does may take the slot of another that is called runnable.
    const input = { ...claimInput(1000), engine: name, starvationBoundSeconds: 10_000 };
    const { executions } = await claimProbes(test.db, input);
    claimed.push(...executions.map(({ executionId }) => executionId));
  }
  return claimed.toSorted();
}

it("says runnable exactly when the breaker of a worker alive lets it through", async () => {
  const engines = fc.array(engine, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(run, engines, async (facts, states) => {
      await clear();
      await test.sql`delete from workers`;
      const ids = await insert([facts]);
      const names = await Promise.all(states.map(insertEngine));
      const isFree = states.some(({ state }) => state === "closed");
      const left = states
        .filter(({ state }) => state === "half-open")
        .reduce((sum, { probes }) => sum + LIMIT - probes, 0);

      const explanations = await listExplanations(test.db, { executionIds: ids });
      const runnable = ids.filter((id) => explanations.get(id)?.runnable).toSorted();
      const claimed = await claimByAll(names);

      if (isFree) expect(claimed).toEqual(runnable);
      else {
        expect(runnable).toEqual(expect.arrayContaining(claimed));
        expect(claimed).toHaveLength(Math.min(left, runnable.length));
      }
      // Once nothing stands in its way, the rest of what was called runnable is taken, and what no breaker let through.
      const rest = await claim(1000, { engine: uuidv7() });
      if (left > 0 || isFree) expect([...claimed, ...rest].toSorted()).toEqual(runnable);
      else expect(runnable).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it("gives the places in which claims take what is ready", async () => {
  // With every slot taken, each explanation tells its place.
  const workerId = await insertWorker(test.db, { maxConcurrentExecutions: 1 });
  const busy = { paused: false, executions: [{ status: "RUNNING" as const, workerId }] };
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 8 }),
      slots,
      async (facts, limit, n) => {
        await clear();
        await setSlots(n);
        const ids = await insert(facts);
        await insertRun(test.db, { projectId, ...busy });

        const explanations = await listExplanations(test.db, { executionIds: ids });
        const claimed = await claim(limit);

        const first = ids.filter((id) => {
          const explanation = explanations.get(id);
          const [obstacle] = explanation?.obstacles ?? [];
          return explanation?.runnable && obstacle?.kind === "slots" && obstacle.position <= limit;
        });
        expect(claimed.toSorted()).toEqual(first.toSorted());
      },
    ),
    { numRuns: 40 },
  );
});

it("does not explain what a worker holds, what is final and what does not exist", async () => {
  const { executionIds } = await insertRun(test.db, {
    projectId,
    executions: [{ status: "RUNNING" }, { status: "COMPLETED" }],
  });

  const answers = await Promise.all(
    [...executionIds, uuidv7()].map((executionId) => explainExecution(test.db, { executionId })),
  );

  expect(answers).toEqual([null, null, null]);
});
