import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { channels } from "@/lib/db/channels";
import { listBreakers } from "@/lib/db/queries/breakers";
import type { AttemptEnd } from "@/lib/domain/ending";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addWorker,
  completed,
  engineLost,
  failed,
  person,
  startLargeRun,
} from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { type ClaimedExecution, claimExecutions } from "./claim-executions";
import { rescueExecutions } from "./rescue-executions";
import { resetCircuitBreaker, tripCircuitBreaker } from "./turn-breaker";

let test: TestDatabase;
/** Of each test its own. */
let engine: string;
let worker: Awaited<ReturnType<typeof addWorker>>;

beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  engine = `tcp://${uuidv7()}:1234`;
  worker = await addWorker(test.db, { engine });
});
afterEach(async () => {
  const violations = await findViolations(test.sql, { resting: false });
  await test.sql`delete from projects`;
  expect(violations).toEqual([]);
});
afterAll(() => test.close());

const claimInput = {
  workerId: uuidv7(),
  runner: "process",
  limit: 10,
  fairSlots: 0,
  starvationBoundSeconds: 600,
  leaseSeconds: 30,
};

const startTasks = (count: number) =>
  startLargeRun(
    test.db,
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, []])),
  );

/** Lets time pass, by putting everything that has happened further back. */
async function pass(seconds: number) {
  const by = test.sql`make_interval(secs => ${seconds})`;
  await test.sql`update circuit_breakers set opened_at = opened_at - ${by}, half_open_at = half_open_at - ${by},
    closed_at = closed_at - ${by}, failures = array(select f - ${by} from unnest(failures) f)`;
  await test.sql`update attempts set claimed_at = claimed_at - ${by}, started_at = started_at - ${by},
    ended_at = ended_at - ${by}, next_attempt_at = next_attempt_at - ${by}`;
  await test.sql`update executions set created_at = created_at - ${by}, scheduled_at = scheduled_at - ${by},
    due_at = due_at - ${by}, started_at = started_at - ${by}`;
}

async function endAll(claimed: ClaimedExecution[], end: AttemptEnd) {
  for (const each of claimed) await worker.end(each, end);
}

/** Opens the breaker by five losses of five executions, which then wait beside `more`. */
async function openByFailures({ more = 0 } = {}) {
  await startTasks(5 + more);
  const claimed = await worker.claim(5);
  await worker.report(claimed.map((each) => ({ ...each, startedMsAgo: null, end: engineLost })));
}

async function getBreaker() {
  const [breaker] = await listBreakers(test.db).then((all) =>
    all.filter((b) => b.engine === engine),
  );
  if (!breaker) throw new Error("The engine has no worker.");
  return breaker;
}

const stateOf = async () => (await getBreaker()).state;

const executionOf = async ({ executionId }: ClaimedExecution) => {
  const [row] = await test.sql`
    select status, reason, retries_used, lost_in_row, attempt, due_at <= now() as is_due
    from executions where id = ${executionId}`;
  return row;
};

const totals = async () => {
  const [row] = await test.sql`
    select sum(retries_used)::int as retries, sum(lost_in_row)::int as lost, max(attempt) as attempt from executions`;
  return row;
};

describe("a closed breaker", () => {
  it("opens at the fifth loss within the window and not at the fourth, for all workers of the engine", async () => {
    await startTasks(8);
    const claimed = await worker.claim(5);

    await endAll(claimed.slice(0, 4), engineLost);
    expect(await stateOf()).toBe("closed");
    expect(await (await addWorker(test.db, { engine })).claim(1)).toHaveLength(1);

    await endAll(claimed.slice(4), engineLost);
    expect(await getBreaker()).toMatchObject({
      state: "open",
      lastError: "The engine is gone.",
      letsThrough: 0,
      turnedBy: { type: "worker", id: worker.workerId },
    });
    await test.sql`update executions set due_at = now() - interval '1 hour' where status = 'SCHEDULED'`;
    const claim = await claimExecutions(test.db, { ...claimInput, engine, fairSlots: 3 });
    expect(claim).toMatchObject({ executions: [], nextDueInMs: 0 });
    expect(claim.halfOpenInMs).toBeGreaterThan(0);
    expect(claim.halfOpenInMs).toBeLessThanOrEqual(30_000);
    expect(await (await addWorker(test.db, { engine })).claim(10)).toEqual([]);
    expect(await worker.claimProbes()).toEqual([]);
  });

  it("leaves the workers of other engines alone", async () => {
    await openByFailures();
    const other = await addWorker(test.db, { engine: `${engine}/other` });

    expect(await other.claim(10)).toHaveLength(5);
  });

  it("does not open by losses that lie further apart", async () => {
    await startTasks(6);
    const claimed = await worker.claim(6);
    await endAll(claimed.slice(0, 4), engineLost);
    await pass(61);

    await endAll(claimed.slice(4), engineLost);

    expect(await stateOf()).toBe("closed");
  });

  it("counts neither exit codes, timeouts, images, params, cancels, failed hooks nor dead workers", async () => {
    await startTasks(40);
    const claimed = await worker.claim(40);
    const ends = [
      failed(),
      failed({ class: "timeout" }),
      failed({ class: "image" }),
      failed({ class: "command_not_found" }),
      failed({ class: "invalid" }),
      failed({ class: "infrastructure" }),
      { kind: "released" } as const,
    ];
    await worker.report(
      claimed.slice(0, 35).map((each, i) => ({
        ...each,
        startedMsAgo: null,
        end: ends[i % ends.length] ?? completed,
      })),
    );
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where lease_token is not null`;
    expect(await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" })).toHaveLength(
      5,
    );

    expect(await test.sql`select from circuit_breakers where engine = ${engine}`).toHaveLength(0);
  });

  it("is neither locked nor written by a success or an exit code", async () => {
    await startTasks(4);
    const [lost, good, bad] = await worker.claim(3);
    if (!lost || !good || !bad) throw new Error("nothing was claimed");
    await worker.end(lost, engineLost);
    const version = () =>
      test.sql`select xmin::text from circuit_breakers where engine = ${engine}`;
    const before = await version();

    await test.sql.begin(async (tx) => {
      await tx`select from circuit_breakers where engine = ${engine} for update`;
      await worker.start(good);
      await worker.end(good, completed);
      await worker.end(bad, failed());
      expect(await worker.claim(1)).toHaveLength(1);
    });

    expect(await version()).toEqual(before);
  });

  it("misses no loss of those that several workers report at the same moment", async () => {
    await startTasks(16);
    const workers = await Promise.all(
      Array.from({ length: 8 }, () => addWorker(test.db, { engine })),
    );
    const held = await Promise.all(workers.map((each) => each.claim(2)));
    const loseAll = (claimed: ClaimedExecution[]) =>
      Promise.all(claimed.map((each, i) => (workers[i] ?? worker).end(each, engineLost)));

    await loseAll(held.flat().slice(0, 4));
    expect(await stateOf()).toBe("closed");
    const [row] = await test.sql`
      select cardinality(failures) as n from circuit_breakers where engine = ${engine}`;
    expect(row).toEqual({ n: 4 });

    await loseAll(held.flat().slice(4, 12));
    expect(await stateOf()).toBe("open");
  });
});

describe("while the engine is away", () => {
  it("executions wait with their retries and lost attempts unspent, however often probes fail", async () => {
    await openByFailures({ more: 3 });
    const before = await totals();
    expect(before).toMatchObject({ retries: 0, lost: 0 });

    for (let probes = 0; probes < 8; probes++) {
      await pass(30);
      const claimed = await worker.claimProbes();
      expect(claimed.map(({ isProbe }) => isProbe)).toEqual([true, true]);
      await endAll(claimed, engineLost);
      expect(await stateOf()).toBe("open");
    }

    expect(await totals()).toMatchObject({ retries: 0, lost: 0 });
    const [{ n } = { n: 0 }] = await test.sql<{ n: number }[]>`
      select count(*)::int as n from executions where status in ('SCHEDULED', 'RETRYING') and due_at <= now()`;
    expect(n).toBe(8);
  });

  it("a loss says why it does not count; those before the opening did", async () => {
    await startTasks(5);
    const claimed = await worker.claim(5);
    await endAll(claimed, engineLost);

    const rows = await Promise.all(claimed.map(executionOf));
    expect(rows.map((row) => row?.lost_in_row)).toEqual([1, 1, 1, 1, 0]);
    expect(rows.at(-1)).toMatchObject({ status: "RETRYING", reason: "engine_away", is_due: true });
  });

  it("an execution whose workers die still ends after five of them", async () => {
    await startTasks(1);
    for (let deaths = 0; deaths < 5; deaths++) {
      await pass(30);
      expect(await worker.claim(1)).toHaveLength(1);
      await test.sql`update executions set lease_expires_at = now() - interval '1 s'`;
      await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" });
    }

    const [row] = await test.sql`select status, reason from executions`;
    expect(row).toEqual({ status: "FAILED", reason: "worker_lost" });
  });

  it("tasks that upset an engine which works for others end too", async () => {
    await startTasks(30);
    const keys = ["t0", "t1", "t2", "t3", "t4", "t5"];
    await test.sql`update executions set priority = 3 where task_key in ${test.sql(keys)}`;
    // The others have waited so long that one of the probes is theirs.
    await test.sql`update executions set due_at = now() - interval '1 hour' where priority < 3`;

    const left = () => test.sql`select from executions where priority = 3 and status <> 'FAILED'`;

    for (let rounds = 0; rounds < 20 && (await left()).length > 0; rounds++) {
      const isClosed = (await stateOf()) === "closed";
      const claimed = isClosed ? await worker.claim(7) : await worker.claimProbes();
      const end = (each: ClaimedExecution) =>
        keys.includes(each.taskKey) ? engineLost : completed;
      // All in one report, so that the breaker stands open after each of the losses.
      await worker.report(claimed.map((c) => ({ ...c, startedMsAgo: null, end: end(c) })));
      await pass(31);
    }

    const rows = await test.sql`
      select status, reason, count(*)::int as n from executions where priority = 3 group by 1, 2`;
    expect(rows).toEqual([{ status: "FAILED", reason: "worker_lost", n: 6 }]);
  });
});

describe("a half-open breaker", () => {
  it("gives out no more probes than its limit, to all workers that ask at once together", async () => {
    await openByFailures({ more: 20 });
    await pass(30);
    const workers = await Promise.all(
      Array.from({ length: 6 }, () => addWorker(test.db, { engine })),
    );

    for (let rounds = 0; rounds < 5; rounds++) {
      const claims = await Promise.all(workers.flatMap((w) => [w.claimProbes(5), w.claim(5)]));
      const claimed = claims.flat();
      expect(claimed).toHaveLength(rounds === 0 ? 2 : 1);
      expect(await getBreaker()).toMatchObject({
        state: "half-open",
        probesInFlight: 2,
        letsThrough: 0,
      });
      // Given back before it came to anything: the probe is free again, and the breaker knows no more than before.
      await endAll(claimed.slice(0, 1), { kind: "released" });
      expect(await getBreaker()).toMatchObject({ probesInFlight: 1, letsThrough: 1 });
    }
  });

  it("gets a probe back whose worker died, once its lease is swept", async () => {
    await openByFailures();
    await pass(30);
    expect(await worker.claimProbes(10, { leaseSeconds: 0 })).toHaveLength(2);
    const other = await addWorker(test.db, { engine });
    expect(await other.claimProbes()).toEqual([]);

    expect(await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" })).toHaveLength(
      2,
    );

    expect(await stateOf()).toBe("half-open");
    expect(await other.claimProbes()).toHaveLength(2);
  });

  it.each([
    ["completes", completed],
    ["fails by its own exit code", failed()],
  ] as const)("is closed by a probe that %s, and tells the workers", async (_, end) => {
    await openByFailures({ more: 4 });
    await pass(30);
    const [probe, other] = await worker.claimProbes();
    if (!probe || !other) throw new Error("there was no probe");
    let heard = 0;
    const { unlisten } = await test.sql.listen(channels.queue, () => {
      heard++;
    });

    await worker.end(probe, end);

    expect(await getBreaker()).toMatchObject({ state: "closed", letsThrough: null });
    expect(await worker.claim(10)).toHaveLength(7);
    await expect.poll(() => heard).toBeGreaterThan(0);
    await unlisten();
  });

  it("is not closed by a probe that timed out or was cancelled before its command started", async () => {
    await openByFailures();
    await pass(30);
    const [probe, other] = await worker.claimProbes();
    if (!probe || !other) throw new Error("there was no probe");

    await worker.end(probe, failed({ class: "timeout" }));
    await worker.end(other, { kind: "cancelled" });

    expect(await getBreaker()).toMatchObject({ state: "half-open", letsThrough: 2 });
  });

  it("takes no success for a proof that was claimed before it opened", async () => {
    await startTasks(6);
    const [old, ...others] = await worker.claim(6);
    if (!old) throw new Error("nothing was claimed");
    await endAll(others, engineLost);
    await pass(30);

    await worker.start(old);
    await worker.end(old, completed);

    expect(await stateOf()).toBe("half-open");
  });

  it("does not make the others wait for the end of a long probe", async () => {
    await openByFailures({ more: 4 });
    await pass(30);
    const [probe] = await worker.claimProbes();
    if (!probe) throw new Error("there was no probe");
    await worker.start(probe);
    await pass(29);
    expect(await worker.claimProbes()).toEqual([]);

    await pass(2);

    const claimed = await worker.claimProbes();
    expect(claimed).toHaveLength(7);
    expect(claimed.some(({ isProbe }) => isProbe)).toBe(false);
    expect(await stateOf()).toBe("closed");
  });

  it("takes what has waited too long for one of its probes, so that nothing urgent keeps all of them", async () => {
    await openByFailures({ more: 1 });
    await test.sql`update executions set priority = 3 where status = 'RETRYING'`;
    await test.sql`update executions set priority = 0, due_at = now() - interval '1 hour' where status = 'SCHEDULED'`;
    await pass(30);

    const claimed = await worker.claimProbes();

    const [low] = await test.sql`select id from executions where priority = 0`;
    expect(claimed.map(({ executionId }) => executionId)).toContain(low?.id);
  });
});

describe("a person", () => {
  const by = { type: "person", id: "ada" } as const;

  it("resets a breaker: its workers claim at once, and four losses more do not open it", async () => {
    await openByFailures({ more: 5 });
    const version = (await getBreaker()).since;

    await resetCircuitBreaker(test.db, { engine, actor: by });

    expect(await getBreaker()).toMatchObject({ state: "closed", turnedBy: by });
    expect((await getBreaker()).since).not.toBe(version);
    const claimed = await worker.claim(10);
    expect(claimed).toHaveLength(10);
    await endAll(claimed.slice(0, 4), engineLost);
    expect(await stateOf()).toBe("closed");
    await endAll(claimed.slice(4, 5), engineLost);
    expect(await stateOf()).toBe("open");
  });

  it("opens a breaker that never failed, for one cooldown; what runs is no probe and goes on", async () => {
    await startTasks(4);
    const [running] = await worker.claim(1);
    if (!running) throw new Error("nothing was claimed");

    await tripCircuitBreaker(test.db, { engine, actor: by });

    expect(await getBreaker()).toMatchObject({ state: "open", turnedBy: by, probesInFlight: 0 });
    expect(await worker.claim(1)).toEqual([]);
    await worker.end(running, completed);
    expect(await stateOf()).toBe("open");
    await pass(30);
    expect(await worker.claimProbes()).toHaveLength(2);
  });

  it.each([resetCircuitBreaker, tripCircuitBreaker])(
    "is told that no worker knows the engine (%o)",
    async (turn) => {
      const given = { engine: "tcp://nowhere:1", actor: person };

      await expect(turn(test.db, given)).rejects.toMatchObject({ code: "not_found" });
      expect(
        await test.sql`select from circuit_breakers where engine = ${given.engine}`,
      ).toHaveLength(0);
    },
  );
});

it("is shown for each engine that a worker alive claims for, and for no other", async () => {
  await test.sql`update workers set stopped_at = now() where id <> ${worker.workerId}`;
  expect(await listBreakers(test.db)).toEqual([
    {
      engine,
      state: "closed",
      since: null,
      halfOpenAt: null,
      probesInFlight: 0,
      probeLimit: 0,
      letsThrough: null,
      lastError: null,
      lastErrorAt: null,
      turnedBy: null,
      workers: 1,
      slots: 10,
      slotsUsed: 0,
    },
  ]);
  await startTasks(3);
  await worker.claim(2);
  expect(await listBreakers(test.db)).toMatchObject([{ slots: 10, slotsUsed: 2 }]);

  await test.sql`update workers set stopped_at = now()`;

  expect(await listBreakers(test.db)).toEqual([]);
});
