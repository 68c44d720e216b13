import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { channels } from "@/lib/db/channels";
import { keysOf, openCompletingWorker } from "@/lib/testing/completing-worker";
import {
  addWorker,
  completed,
  person,
  startLargeRun,
  statusesOf,
} from "@/lib/testing/engine-factories";
import { countBlocked } from "@/lib/testing/in-order";
import { findViolations } from "@/lib/testing/invariants";
import { completeAttempts } from "./complete-attempts";

type Completing = Awaited<ReturnType<typeof openCompletingWorker>>;

let test: Completing["test"];
let worker: Completing["worker"];
let claimInput: Completing["claimInput"];
let complete: Completing["complete"];
let prepare: Completing["prepare"];
let close: Completing["close"];

beforeAll(async () => {
  ({ test, worker, claimInput, complete, prepare, close } = await openCompletingWorker());
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
  await test.sql`delete from projects`;
});
afterAll(() => close());

describe("a completion that claims beside other workers", () => {
  it.each([
    ["no slot is free", 0, ["''"]],
    ["it has taken all there was", 10, []],
    ["there may be more than it could take", 1, ["''"]],
  ])("tells other workers of what is left: %s", async (_, limit, told) => {
    const heard: string[] = [];
    const { unlisten } = await test.sql.listen(channels.queue, (payload) =>
      heard.push(`'${payload}'`),
    );
    const { parents } = await prepare(
      [
        { priority: 1, place: 1 },
        { priority: 1, place: 2 },
      ],
      [],
    );
    await test.sql`select pg_notify(${channels.queue}, 'before')`;
    await expect.poll(() => heard).toContain("'before'");
    heard.length = 0;

    await complete(parents, limit ? claimInput(limit) : null);

    await test.sql`select pg_notify(${channels.queue}, 'after')`;
    await expect.poll(() => heard).toContain("'after'");
    await unlisten();
    expect(heard).toEqual([...told, "'after'"]);
  });

  it("takes what it releases although something that comes first is just being taken by another worker", async () => {
    const other = await addWorker(test.db);
    const { parents } = await prepare([{ priority: 1, place: 1 }], [{ priority: 2, place: 1 }]);
    await test.db.transaction(async (tx) => {
      expect(keysOf(await other.claim(1, {}, tx))).toEqual(["o0"]);
      const { claim } = await complete(parents, claimInput(1));
      expect(keysOf(claim.executions)).toEqual(["d0"]);
    });
  });

  it("takes a dependent once when two workers complete what it waits for at the same time", async () => {
    const other = await addWorker(test.db);
    const { runId } = await startLargeRun(test.db, { a: [], b: [], c: ["a", "b"] });
    const [a] = await worker.claim(1);
    const [b] = await other.claim(1);
    if (!a || !b) throw new Error("nothing was claimed");
    const [run] = await test.sql`select id from runs where id = ${runId}`;

    // Both wait for the run's row with a snapshot in which neither is completed.
    let both: Promise<unknown[]> = Promise.resolve([]);
    await test.sql.begin(async (tx) => {
      await tx`select from runs where id = ${run?.id} for update`;
      both = Promise.all(
        [a, b].map((each) =>
          completeAttempts(test.db, {
            attempts: [{ ...each, startedMsAgo: 0, result: completed.result }],
            actor: person,
            claim: claimInput(5),
          }),
        ),
      );
      await expect.poll(() => countBlocked(test), { timeout: 10_000 }).toBe(2);
    });
    await both;

    // Which had seen it with two dependencies left: it waits for the next claim.
    expect(await statusesOf(test.sql, runId)).toMatchObject({ c: "SCHEDULED" });
    expect(keysOf(await worker.claim())).toEqual(["c"]);
  });
});
