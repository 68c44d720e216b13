import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { listExplanations } from "@/lib/db/queries/explanations";
import { executionStatuses } from "@/lib/domain/status";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, insertRun, insertWorker } from "@/lib/testing/factories";
import { claimExecutions } from "./claim-executions";
import { explainExecution } from "./explain-execution";

let test: TestDatabase;
let projectId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  projectId = await createProject(test.db);
});
afterAll(() => test.close());

const clear = () => test.sql`delete from runs`;
beforeEach(clear);

/** An execution in any status whose time has come or lies ahead, by a margin that no test run is slow enough to cross. */
const execution = fc.record({
  status: fc.constantFrom(...executionStatuses),
  priority: fc.integer({ min: 0, max: 3 }),
  dueInSeconds: fc.oneof(fc.integer({ min: -2000, max: -1 }), fc.integer({ min: 300, max: 900 })),
});

const run = fc.record({
  paused: fc.boolean(),
  executions: fc.array(execution, { minLength: 1, maxLength: 12 }),
});

type RunFacts = typeof run extends fc.Arbitrary<infer T> ? T : never;

async function insert(facts: RunFacts[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { paused, executions } of facts) {
    const rows = executions.map(({ dueInSeconds, ...rest }) => ({
      ...rest,
      dueAt: new Date(Date.now() + dueInSeconds * 1000),
    }));
    const inserted = await insertRun(test.db, { projectId, paused, executions: rows });
    ids.push(...inserted.executionIds);
  }
  return ids;
}

async function claim(limit: number, starvation?: { fairSlots: number; boundSeconds: number }) {
  const { executions: claimed } = await claimExecutions(test.db, {
    workerId: uuidv7(),
    runner: "process",
    limit,
    fairSlots: starvation?.fairSlots ?? 0,
    starvationBoundSeconds: starvation?.boundSeconds ?? 600,
    leaseSeconds: 30,
  });
  return claimed.map(({ executionId }) => executionId);
}

it("says runnable exactly of what a claim with free slots would take", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 4 }), async (facts) => {
      await clear();
      const ids = await insert(facts);

      const explanations = await listExplanations(test.db, { executionIds: ids });
      const claimed = await claim(1000);

      const runnable = ids.filter((id) => explanations.get(id)?.runnable);
      expect(claimed.toSorted()).toEqual(runnable.toSorted());
    }),
    { numRuns: 60 },
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
      async (facts, limit) => {
        await clear();
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
