import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Claim, type ClaimedExecution, claimExecutions } from "@/lib/engine/claim-executions";
import { extendLeases } from "@/lib/engine/extend-leases";
import { recordAttempts } from "@/lib/engine/record-attempts";
import type { AttemptRef } from "@/lib/engine/reported-attempts";
import { log } from "@/lib/log";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, startLargeRun, TEST_ENGINE } from "@/lib/testing/engine-factories";
import { AttemptControl } from "./attempt-control";
import { type Ask, Claimer } from "./claimer";
import { HeldAttempts } from "./held-attempts";
import { createStrayReturn } from "./return-strays";
import { WorkerDatabase } from "./worker-database";

let test: TestDatabase;
let database: WorkerDatabase;
let workerId: string;
let held: HeldAttempts;
let claimer: Claimer;
let returnStrays: (strays: AttemptRef[]) => Promise<void>;
let givenBack: AttemptRef[];

beforeAll(async () => {
  test = await createTestDatabase();
  database = new WorkerDatabase(test.url, { name: "claimer", max: 1 });
});
afterAll(async () => {
  await database.close();
  await test.close();
});

/** What a worker has, without its loops. */
beforeEach(async () => {
  await test.sql`delete from projects`;
  workerId = (await addWorker(test.db)).workerId;
  held = new HeldAttempts();
  const hold = (claimed: ClaimedExecution, leasedSince: number) =>
    held.add({ claimed, control: new AttemptControl(), done: Promise.resolve(), leasedSince });
  claimer = new Claimer({
    databases: { hot: database, exchange: database, ordinary: database },
    workerId,
    runner: "process",
    engine: TEST_ENGINE,
    intervalMs: 1000,
    starvationBoundSeconds: 600,
    leaseSeconds: 30,
    otherWorkers: () => 0,
    freeSlots: () => 1,
    onClaimed: hold,
    onClaimedLate: () => {},
    metrics: null,
  });
  const end = { kind: "released" } as const;
  givenBack = [];
  returnStrays = createStrayReturn({
    held,
    whenAnswered: () => claimer.whenAnswered(),
    giveBack: async (stray) => {
      givenBack.push(stray);
      const reports = [{ ...stray, startedMsAgo: null, end }];
      const actor = { type: "worker", id: workerId } as const;
      const [answer] = await recordAttempts(test.db, { reports, actor });
      return answer?.answer ?? "lost";
    },
    log,
  });
  await startLargeRun(test.db, { a: [] });
});

/** A claim that is committed and whose answer is on its way. */
async function claim(): Promise<{ ask: Ask; answer: Claim }> {
  const ask = claimer.ask();
  if (!ask) throw new Error("no slot is free");
  const answer = await claimExecutions(test.db, ask);
  expect(answer.executions).toHaveLength(1);
  return { ask, answer };
}

/** A heartbeat a second later; resolves when it knows what of the answer is to be given back. */
async function beat(): Promise<AttemptRef[]> {
  await test.sql`
    update executions set lease_expires_at = lease_expires_at - interval '1 s' where lease_token is not null`;
  const leases = held.leases();
  const { strays } = await extendLeases(test.db, { workerId, leases, leaseSeconds: 30 });
  return strays;
}

async function readExecution() {
  const [row] = await test.sql`
    select e.status, e.retries_used, e.lost_in_row, a.outcome
    from executions e join attempts a on a.execution_id = e.id`;
  return row;
}

it("leaves alone what a claim under way has taken, whose answer comes later than the heartbeat's", async () => {
  const { ask, answer } = await claim();
  const strays = await beat();
  expect(strays).toHaveLength(1);
  const returned = returnStrays(strays);

  claimer.take(ask, answer);
  await returned;

  expect(await readExecution()).toMatchObject({ status: "PREPARING", outcome: null });
  expect(await beat()).toEqual([]);
});

it("gives back what a claim has taken that failed, at no cost to the execution", async () => {
  const { ask } = await claim();
  const returned = returnStrays(await beat());

  claimer.drop(ask);
  await returned;

  expect(await readExecution()).toEqual({
    status: "SCHEDULED",
    retries_used: 0,
    lost_in_row: 0,
    outcome: "RELEASED",
  });
});

it("gives it back once, although the next heartbeat names it again meanwhile", async () => {
  const { ask } = await claim();
  const strays = await beat();
  const both = [returnStrays(strays), returnStrays(await beat())];

  claimer.drop(ask);
  await Promise.all(both);

  expect(givenBack).toEqual(strays);
});

it("leaves to its lease what ran and could not be recorded", async () => {
  const { ask, answer } = await claim();
  claimer.take(ask, answer);
  held.remove(answer.executions[0]?.leaseToken ?? "", { isRecorded: false });

  const strays = await beat();
  expect(strays).toHaveLength(1);
  await returnStrays(strays);

  expect(await readExecution()).toMatchObject({ status: "PREPARING", outcome: null });
});
