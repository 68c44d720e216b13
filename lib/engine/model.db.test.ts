import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AttemptEnd } from "@/lib/domain/ending";
import { EngineError } from "@/lib/domain/errors";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addProject,
  addWorker,
  completed,
  failed,
  person,
  startRun,
} from "@/lib/testing/engine-factories";
import { createPool } from "@/lib/testing/factories";
import { findViolations } from "@/lib/testing/invariants";
import { cancelExecution } from "./cancel-execution";
import { cancelRun } from "./cancel-run";
import type { ClaimedExecution } from "./claim-executions";
import { extendLeases } from "./extend-leases";
import { pauseExecution } from "./pause-execution";
import { pauseRun } from "./pause-run";
import { rescueExecutions } from "./rescue-executions";
import { resumeExecution } from "./resume-execution";
import { resumeRun } from "./resume-run";
import { retryExecution } from "./retry-execution";
import { retryRun } from "./retry-run";
import { updatePool } from "./update-pool";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const SHAPES: Record<string, string[]>[] = [
  { a: [] },
  { a: [], b: ["a"], c: ["a"], d: ["b", "c"] },
  { a: [], b: [], c: ["a", "b"], d: ["c"] },
];
const POLICIES = [
  { retryStrategy: "NONE" },
  { retryStrategy: "IMMEDIATE", maxRetries: 1 },
] as const;

/** Five, so that each goes with each of the above. */
const POOLS = [{}, { pool: "p" }, {}, { pool: "p" }, { pool: "p", poolKey: "k" }];

/** What the random commands act upon: `n` picks one of the rows there are. */
class World {
  readonly #worker: Awaited<ReturnType<typeof addWorker>>;
  /** Attempts whose worker believes to hold them, and those that are over for it. */
  #held: ClaimedExecution[] = [];
  readonly #former: ClaimedExecution[] = [];

  constructor(worker: Awaited<ReturnType<typeof addWorker>>) {
    this.#worker = worker;
  }

  async schedule(n: number) {
    const shape = SHAPES[n % SHAPES.length] ?? {};
    const projectId = await addProject(test.db);
    await createPool(test.db, { projectId, name: "p", slots: 1 });
    const same = { ...POLICIES[n % POLICIES.length], ...POOLS[n % POOLS.length] };
    const overrides = Object.fromEntries(Object.keys(shape).map((key) => [key, same]));
    await startRun(test.db, shape, { projectId, overrides });
  }

  async resize(n: number) {
    const pools = await test.sql<{ id: string; projectId: string }[]>`
      select id, project_id as "projectId" from pools order by id`;
    const pool = pick(pools, n);
    if (!pool) return;
    const { id: poolId, projectId } = pool;
    await updatePool(test.db, { projectId, poolId, slots: 1 + (n % 3), actor: person });
  }

  async claim(n: number) {
    this.#held.push(...(await this.#worker.claim(1 + (n % 3))));
  }

  async start(n: number) {
    const claimed = pick(this.#held, n);
    if (claimed) await this.#worker.start(claimed);
  }

  complete = (n: number) => this.#end(n, completed);
  fail = (n: number) => this.#end(n, failed());
  timeOut = (n: number) => this.#end(n, failed({ class: "timeout", exitCode: null }));
  lose = (n: number) => this.#end(n, failed({ class: "infrastructure", exitCode: null }));
  giveBack = (n: number) => this.#end(n, { kind: "released" });

  async #end(n: number, end: AttemptEnd) {
    const claimed = pick(this.#held, n);
    if (!claimed) return;
    await this.#worker.end(claimed, end);
    this.#held = this.#held.filter((each) => each !== claimed);
    this.#former.push(claimed);
  }

  async completeTogether() {
    await this.#worker.report(
      this.#held.map((claimed) => ({ ...claimed, startedMsAgo: null, end: completed })),
    );
    this.#former.push(...this.#held.splice(0));
  }

  /** A worker that comes back with an attempt that is over changes nothing at all. */
  async reportAgain(n: number) {
    const claimed = pick(this.#former, n);
    if (!claimed) return;
    const before = await snapshot();
    await this.#worker.end(claimed, n % 2 ? completed : failed());
    expect(await snapshot()).toEqual(before);
  }

  async expire(n: number) {
    const claimed = pick(this.#held, n);
    if (!claimed) return;
    await test.sql`
      update executions set lease_expires_at = now() - interval '1 s' where lease_token = ${claimed.leaseToken}`;
    if (n % 2 === 0) return;
    // Only the sweep makes it over: until then its token holds, however late it is.
    await this.rescue();
    this.#former.push(claimed);
    this.#held = this.#held.filter((each) => each !== claimed);
  }

  async rescue() {
    await rescueExecutions(test.db, { overdueSeconds: 40, actorId: "sweep" });
  }

  async beat() {
    const { workerId } = this.#worker;
    const input = { workerId, leases: this.#held, leaseSeconds: 30 };
    const { leases } = await extendLeases(test.db, input);
    const lost = new Set(leases.filter(({ state }) => state === "lost").map((a) => a.leaseToken));
    this.#former.push(...this.#held.filter(({ leaseToken }) => lost.has(leaseToken)));
    this.#held = this.#held.filter(({ leaseToken }) => !lost.has(leaseToken));
  }

  /** Lets everything become due that waits for a retry. */
  async age() {
    await test.sql`update executions set due_at = now() where status = 'RETRYING' or paused_from = 'RETRYING'`;
    await test.sql`update attempts set next_attempt_at = now() where next_attempt_at > now()`;
  }

  cancel = (n: number) =>
    onExecution(n, (id) => cancelExecution(test.db, { ...id, force: n % 2 === 0, actor: person }));
  pause = (n: number) => onExecution(n, (id) => pauseExecution(test.db, { ...id, actor: person }));
  resume = (n: number) =>
    onExecution(n, (id) => resumeExecution(test.db, { ...id, actor: person }));
  retry = (n: number) =>
    onExecution(n, (id) =>
      retryExecution(test.db, { ...id, downstream: n % 2 === 0, actor: person }),
    );
  cancelRun = (n: number) =>
    onRun(n, (id) => cancelRun(test.db, { ...id, force: n % 2 === 0, actor: person }));
  pauseRun = (n: number) => onRun(n, (id) => pauseRun(test.db, { ...id, actor: person }));
  resumeRun = (n: number) => onRun(n, (id) => resumeRun(test.db, { ...id, actor: person }));
  retryRun = (n: number) => onRun(n, (id) => retryRun(test.db, { ...id, actor: person }));

  /** Lets everything come to its end: nothing may be left that nobody can move. */
  async drain() {
    for (const [i] of (await runIds()).entries()) await this.resumeRun(i);
    for (const [i] of (await executionIds()).entries()) await this.resume(i);
    await test.sql`update executions set lease_expires_at = now() - interval '1 s' where lease_token is not null`;
    await this.rescue();
    for (let rounds = 0; rounds < 30; rounds++) {
      await this.age();
      this.#held = await this.#worker.claim(50);
      if (this.#held.length === 0) return;
      await this.completeTogether();
    }
  }
}

type CommandName = Exclude<keyof World, "drain">;
const COMMANDS: CommandName[] = [
  ...(["schedule", "claim", "start", "complete", "fail", "timeOut", "lose", "giveBack"] as const),
  ...([
    "completeTogether",
    "reportAgain",
    "expire",
    "rescue",
    "beat",
    "age",
    "claim",
    "claim",
  ] as const),
  ...(["cancel", "pause", "resume", "retry", "cancelRun", "pauseRun", "resumeRun"] as const),
  ...(["retryRun", "complete", "complete", "claim", "resize"] as const),
];

/** What has been found so far. */
const REGRESSIONS: [[CommandName, number][]][] = [
  // A first attempt that completes without having been seen RUNNING starts the run.
  [
    [
      ["claim", 0],
      ["complete", 0],
      ["claim", 2],
      ["complete", 0],
    ],
  ],
  // A paused run that ends, by its last attempt or by a cancel, is paused no more.
  [
    [
      ["pauseRun", 0],
      ["cancelRun", 0],
      ["retryRun", 0],
    ],
  ],
];

const pick = <T>(rows: readonly T[], n: number): T | undefined => rows[n % rows.length];

const runIds = async () => {
  const rows = await test.sql<{ id: string }[]>`select id from runs order by id`;
  return rows.map(({ id }) => id);
};
const executionIds = async () => {
  const rows = await test.sql<{ id: string }[]>`select id from executions order by id`;
  return rows.map(({ id }) => id);
};
const snapshot = () => test.sql`
  select e.id, e.status, e.attempt, e.result_attempt, e.unfinished_dependencies, r.status as run_status,
    (select count(*) from execution_events v where v.execution_id = e.id) as events
  from executions e join runs r on r.id = e.run_id order by e.id`;

async function onExecution(n: number, act: (id: { executionId: string }) => Promise<unknown>) {
  const executionId = pick(await executionIds(), n);
  if (executionId) await refusable(act({ executionId }));
}

async function onRun(n: number, act: (id: { runId: string }) => Promise<unknown>) {
  const runId = pick(await runIds(), n);
  if (runId) await refusable(act({ runId }));
}

/** A refusal is an answer; anything else that is thrown is not. */
async function refusable(promise: Promise<unknown>): Promise<void> {
  await promise.catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
  });
}

it("keeps every invariant through random commands, and everything comes to its end", async () => {
  const command = fc.tuple(fc.constantFrom(...COMMANDS), fc.nat(30));
  const property = fc.asyncProperty(
    fc.array(command, { minLength: 5, maxLength: 60 }),
    async (commands) => {
      await test.sql`delete from projects`;
      const world = new World(await addWorker(test.db));
      await world.schedule(commands.length);
      for (const [name, n] of commands) {
        await world[name](n);
        expect(await findViolations(test.sql, { resting: false })).toEqual([]);
      }
      await world.drain();
      expect(await findViolations(test.sql, { resting: true })).toEqual([]);
    },
  );
  await fc.assert(property, {
    examples: REGRESSIONS,
    numRuns: 1000,
    interruptAfterTimeLimit: 15_000,
  });
});
