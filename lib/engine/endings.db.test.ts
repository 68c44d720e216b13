import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, completed, failed, person, startRun } from "@/lib/testing/engine-factories";
import { cancelRun } from "./cancel-run";
import { type Endings, onEndings } from "./endings";
import { rescueExecutions } from "./rescue-executions";
import { transact } from "./transaction";

let test: TestDatabase;
let worker: Awaited<ReturnType<typeof addWorker>>;
let heard: Endings[];
let stopHearing: () => void;

beforeAll(async () => {
  test = await createTestDatabase();
  worker = await addWorker(test.db);
});
afterAll(() => test.close());

beforeEach(() => {
  heard = [];
  stopHearing = onEndings((endings) => heard.push(endings));
});
afterEach(() => stopHearing());

/** A run whose executions have been claimed, by task key. */
async function startClaimed(shape: Record<string, string[]>) {
  const run = await startRun(test.db, shape);
  const claimed = await worker.claim(10);
  return { run, claimed };
}

const attemptsHeard = () =>
  heard.flatMap(({ attempts }) => attempts.map(({ attempt, outcome }) => [attempt, outcome]));
const runsHeard = () => heard.flatMap(({ runIds }) => runIds);

describe("what a transaction ends", () => {
  it("is told with its outcome, and the run with the last of its executions", async () => {
    const { run, claimed } = await startClaimed({ a: [], b: [] });
    const [a, b] = claimed;
    if (!a || !b) throw new Error("nothing was claimed");
    await worker.start(a);
    expect(heard).toEqual([]);
    await worker.end(a, completed);
    expect(heard).toMatchObject([
      {
        actor: { type: "worker", id: worker.workerId },
        attempts: [{ executionId: a.executionId, attempt: 1, outcome: "COMPLETED" }],
        runIds: [],
      },
    ]);
    await worker.end(b, completed);
    expect(runsHeard()).toEqual([run.runId]);
  });

  it("is told once, also where it goes on with the dependents", async () => {
    const { run, claimed } = await startClaimed({ a: [], b: ["a"], c: ["b"] });
    const [a] = claimed;
    if (!a) throw new Error("nothing was claimed");
    await worker.end(a, failed({ class: "invalid" }));
    expect(attemptsHeard()).toEqual([[1, "FAILED"]]);
    expect(runsHeard()).toEqual([run.runId]);
  });

  it("is told of the sweep as its doing", async () => {
    const { claimed } = await startClaimed({ a: [] });
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where id = ${claimed[0]?.executionId ?? ""}`;
    await rescueExecutions(test.db, { overdueSeconds: 60, actorId: "sweep" });
    expect(heard).toMatchObject([{ actor: { type: "system" }, attempts: [{ outcome: "LOST" }] }]);
  });

  it("is told of a run that is cancelled before it began", async () => {
    const run = await startRun(test.db, { a: [], b: ["a"] });
    await cancelRun(test.db, { runId: run.runId, force: false, actor: person });
    expect(heard).toMatchObject([{ actor: person, attempts: [], runIds: [run.runId] }]);
  });

  it("is told only after the commit, and not at all when there is none", async () => {
    const run = await startRun(test.db, { a: [] });
    const cancel = { runId: run.runId, force: false, actor: person };
    const work = transact(test.db, async (tx) => {
      await cancelRun(tx, cancel);
      expect(heard).toEqual([]);
      throw new Error("rolled back");
    });
    await expect(work).rejects.toThrow("rolled back");
    expect(heard).toEqual([]);
    await transact(test.db, (tx) => cancelRun(tx, cancel));
    expect(runsHeard()).toEqual([run.runId]);
  });
});
