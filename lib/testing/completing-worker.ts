import { createDbClient } from "@/lib/db/client";
import { hotSettings } from "@/lib/db/prepared";
import type { ClaimedExecution, ClaimInput } from "@/lib/engine/claim-executions";
import { completeAttempts } from "@/lib/engine/complete-attempts";
import { createTestDatabase } from "./database";
import { addWorker, completed, startLargeRun, TEST_ENGINE } from "./engine-factories";

type Place = { priority: number; place: number };

/** A database of its own, and a worker whose completions take a claim along. */
export async function openCompletingWorker() {
  const test = await createTestDatabase();
  // As workers connect.
  const hot = createDbClient(test.url, { name: "hot", max: 1, settings: hotSettings });
  const worker = await addWorker(test.db);

  const claimInput = (limit: number, more: Partial<ClaimInput> = {}): ClaimInput => ({
    workerId: worker.workerId,
    runner: "process",
    engine: TEST_ENGINE,
    limit,
    fairSlots: 0,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
    ...more,
  });

  function complete(attempts: readonly ClaimedExecution[], claim: ClaimInput | null) {
    const { result } = completed;
    return completeAttempts(hot.db, {
      attempts: attempts.map((each) => ({ ...each, startedMsAgo: 0, result })),
      actor: { type: "worker", id: worker.workerId },
      claim,
    });
  }

  /** Two that are claimed, what waits for one or both of them, and what waits for nothing, each at its place in the queue. */
  async function prepare(dependents: Place[], others: Place[]) {
    const shape = Object.fromEntries([
      ["p0", []],
      ["p1", []],
      ...dependents.map((_, i) => [`d${i}`, i % 2 ? ["p0", "p1"] : ["p0"]]),
      ...others.map((_, i) => [`o${i}`, []]),
    ]);
    const run = await startLargeRun(test.db, shape);
    await test.sql`update executions set priority = 3, due_at = '2020-01-01' where task_key in ('p0', 'p1')`;
    const parents = await worker.claim(2);
    const places = { d: dependents, o: others };
    for (const [kind, each] of Object.entries(places))
      for (const [i, { priority, place }] of each.entries())
        await test.sql`
          update executions set priority = ${priority}, due_at = timestamptz '2021-01-01' + make_interval(secs => ${place})
          where id = ${run.ids[`${kind}${i}`] ?? null}`;
    return { ...run, parents };
  }

  async function close(): Promise<void> {
    await hot.close();
    await test.close();
  }

  return { test, hot, worker, claimInput, complete, prepare, close };
}

export const keysOf = (executions: readonly ClaimedExecution[]) => executions.map((e) => e.taskKey);
