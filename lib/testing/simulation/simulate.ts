import type postgres from "postgres";
import type { Db } from "@/lib/db/database";
import { EngineError } from "@/lib/domain/errors";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { cancelRun } from "@/lib/engine/cancel-run";
import { createPool } from "@/lib/engine/create-pool";
import { pauseExecution } from "@/lib/engine/pause-execution";
import { pauseRun } from "@/lib/engine/pause-run";
import { rescueExecutions } from "@/lib/engine/rescue-executions";
import { resumeExecution } from "@/lib/engine/resume-execution";
import { resumeRun } from "@/lib/engine/resume-run";
import { retryExecution } from "@/lib/engine/retry-execution";
import { retryRun } from "@/lib/engine/retry-run";
import { updatePool } from "@/lib/engine/update-pool";
import { addProject, person, startRun } from "@/lib/testing/engine-factories";
import { findViolations, type Violation } from "@/lib/testing/invariants";
import { elementAt, type Random, randomStream, weighted, wholeBetween } from "@/lib/testing/random";
import { type FaultPoint, SimulatedWorker, Struck, type Tally } from "./simulated-worker";

export type Simulation = {
  /** What happened, a line each; with the seed it replays a failure. */
  journal: string[];
  /** The first violations found, and after which step; null when there were none. */
  violated: { step: number; violations: Violation[] } | null;
  faults: number;
} & Tally;

const WORKERS = 3;
const STEPS = 160;
/** How often a fault strikes where one may. */
const FAULT_SHARE = 0.1;
/** Seconds within which somebody sweeps: as long as one worker lives, its sweep is never far away. */
const SWEEP_WITHIN = 50;

const STEP_WEIGHTS = {
  schedule: 3,
  claim: 24,
  start: 16,
  end: 20,
  heartbeat: 6,
  sweep: 6,
  time: 14,
  operate: 10,
} as const;
const OPERATIONS = {
  cancelExecution: 3,
  cancelRun: 1,
  pauseExecution: 2,
  resumeExecution: 3,
  pauseRun: 1,
  resumeRun: 2,
  retryExecution: 3,
  retryRun: 2,
  resizePool: 2,
} as const;
/** Every run has a pool of its own. */
const POOL = "pool";

/**
 * Several workers, people and the passing of time on a real database, one step after another as the seed decides, with
 * crashes, lost answers and long sleeps at the points of fault. The invariants are looked at after every few steps and
 * after everything has been brought to its end. The same seed does the same again.
 */
export async function simulate(db: Db, sql: postgres.Sql, seed: number): Promise<Simulation> {
  const world = new World(db, sql, seed);
  await sql`delete from projects`;
  for (let step = 1; step <= STEPS; step++) {
    await world.step();
    if (step % 4 !== 0) continue;
    const violations = await findViolations(sql, { resting: false });
    if (violations.length > 0) return world.result({ step, violations });
  }
  await world.bringToEnd();
  const violations = await findViolations(sql, { resting: true });
  const foreign = await findForeignResults(sql);
  const all = [...violations, ...foreign];
  return world.result(all.length > 0 ? { step: STEPS, violations: all } : null);
}

/** Results that come from another attempt than the one that is said to have given them. */
async function findForeignResults(sql: postgres.Sql): Promise<Violation[]> {
  const rows = await sql<{ id: string }[]>`
    select e.id from executions e join attempts a on a.execution_id = e.id and a.attempt = e.result_attempt
    where e.result->'outputs'->>'token' is distinct from a.lease_token::text`;
  if (rows.length === 0) return [];
  return [{ inv: "result_of_another_attempt", n: rows.length, sample: rows.map(({ id }) => id) }];
}

class World {
  readonly #db: Db;
  readonly #sql: postgres.Sql;
  readonly #random: Random;
  readonly #faults: Random;
  readonly #workers: SimulatedWorker[];
  readonly #tally: Tally & { faults: number } = { refused: 0, faults: 0 };
  readonly #journal: string[] = [];
  /** Steps for which a worker sleeps yet, by its number. */
  readonly #asleep = new Map<number, number>();
  #faultsMayStrike = true;
  #sinceSweep = 0;

  constructor(db: Db, sql: postgres.Sql, seed: number) {
    this.#db = db;
    this.#sql = sql;
    this.#random = randomStream(seed, "steps");
    this.#faults = randomStream(seed, "faults");
    this.#workers = Array.from({ length: WORKERS }, (_, number) => {
      const random = randomStream(seed, `worker ${number}`);
      const strike = (point: FaultPoint) => this.#strike(number, point);
      return new SimulatedWorker({ db, random, strike, tally: this.#tally });
    });
  }

  result(violated: Simulation["violated"]): Simulation {
    return { journal: this.#journal, violated, ...this.#tally };
  }

  async step(): Promise<void> {
    const kind = weighted(STEP_WEIGHTS, this.#random());
    if (kind === "schedule") await this.#schedule();
    else if (kind === "time") await this.#passTime(wholeBetween(this.#random, 1, 40));
    else if (kind === "operate") await this.#operate();
    else await this.#work(kind);
  }

  /** No more faults: whatever is held runs out of its lease, and one worker does the rest. */
  async bringToEnd(): Promise<void> {
    this.#faultsMayStrike = false;
    const [worker] = this.#workers;
    for (const { id } of await this.#runs()) await this.#refusable(resumeRun, { runId: id });
    for (const { id } of await this.#executions())
      await this.#refusable(resumeExecution, { executionId: id });
    worker?.restart();
    for (let rounds = 0; rounds < 100; rounds++) {
      await this.#passTime(100_000);
      await worker?.sweep();
      await worker?.claim();
      await worker?.finish();
      if (rounds % 10 === 9 && (await this.#isAtRest())) return;
    }
  }

  async #isAtRest(): Promise<boolean> {
    const open = await this.#sql`select 1 from runs where finished_at is null limit 1`;
    return open.length === 0;
  }

  async #work(kind: "claim" | "start" | "end" | "heartbeat" | "sweep"): Promise<void> {
    const number = wholeBetween(this.#random, 0, WORKERS - 1);
    const sleeps = this.#asleep.get(number);
    if (sleeps) {
      this.#asleep.set(number, sleeps - 1);
      return;
    }
    this.#asleep.delete(number);
    // Its commands have ended while it slept: the first thing it does is to report that.
    const act = sleeps === 0 ? "end" : kind;
    this.#journal.push(`worker ${number} ${act}`);
    try {
      await this.#workers[number]?.[act]();
    } catch (error) {
      if (!(error instanceof Struck)) throw error;
    }
  }

  /** A crash forgets everything, a sleep goes on with what it remembers, a lost answer is asked for again. */
  #strike(number: number, point: FaultPoint): void {
    if (!this.#faultsMayStrike || this.#faults() > FAULT_SHARE) return;
    const fault = weighted({ crash: 2, sleep: 3, "lost answer": 2 }, this.#faults());
    this.#tally.faults++;
    this.#journal.push(`worker ${number} ${point}: ${fault}`);
    if (fault === "crash") this.#workers[number]?.restart();
    if (fault === "sleep") this.#asleep.set(number, wholeBetween(this.#faults, 4, 12));
    throw new Struck();
  }

  async #schedule(): Promise<void> {
    const count = wholeBetween(this.#random, 1, 6);
    const shape: Record<string, string[]> = {};
    for (let i = 0; i < count; i++)
      shape[`t${i}`] = Object.keys(shape).filter(() => this.#random() < 0.4);
    const policies = [
      { retryStrategy: "NONE" },
      { retryStrategy: "IMMEDIATE", maxRetries: 2 },
      { retryStrategy: "FIXED_DELAY", maxRetries: 1, priority: "HIGH" },
    ] as const;
    const pools = [{}, { pool: POOL }, { pool: POOL, poolKey: "key" }];
    const projectId = await addProject(this.#db);
    const slots = wholeBetween(this.#random, 1, 2);
    const actor = person;
    await createPool(this.#db, { projectId, name: POOL, slots, description: "", actor });
    const overrides = Object.fromEntries(
      Object.keys(shape).map((key) => [
        key,
        { ...elementAt(policies, this.#random()), ...elementAt(pools, this.#random()) },
      ]),
    );
    this.#journal.push(`schedule ${JSON.stringify(shape)}, ${slots} slots`);
    await startRun(this.#db, shape, { projectId, overrides });
  }

  /** Moves everything that waits for a moment so many seconds nearer to it. */
  async #passTime(seconds: number): Promise<void> {
    this.#journal.push(`${seconds} s pass`);
    this.#sinceSweep += seconds;
    const by = `${seconds} s`;
    await this.#sql`
      update executions set lease_expires_at = lease_expires_at - ${by}::interval, deadline_at = deadline_at - ${by}::interval
      where lease_token is not null`;
    await this.#sql`
      update executions set due_at = greatest(least(due_at, now()), due_at - ${by}::interval)
      where status = 'RETRYING' or paused_from = 'RETRYING'`;
    await this
      .#sql`update attempts set next_attempt_at = next_attempt_at - ${by}::interval where next_attempt_at is not null`;
    if (this.#sinceSweep < SWEEP_WITHIN) return;
    this.#sinceSweep = 0;
    await rescueExecutions(this.#db, { overdueSeconds: 40, actorId: "another worker" });
  }

  async #operate(): Promise<void> {
    const operation = weighted(OPERATIONS, this.#random());
    const { id: executionId = "" } = elementAt(await this.#executions(), this.#random()) ?? {};
    const { id: runId = "" } = elementAt(await this.#runs(), this.#random()) ?? {};
    const force = this.#random() < 0.5;
    if (!executionId || !runId) return;
    this.#journal.push(operation);
    const acts: Record<keyof typeof OPERATIONS, () => Promise<void>> = {
      cancelExecution: () => this.#refusable(cancelExecution, { executionId, force }),
      cancelRun: () => this.#refusable(cancelRun, { runId, force }),
      pauseExecution: () => this.#refusable(pauseExecution, { executionId }),
      resumeExecution: () => this.#refusable(resumeExecution, { executionId }),
      pauseRun: () => this.#refusable(pauseRun, { runId }),
      resumeRun: () => this.#refusable(resumeRun, { runId }),
      retryExecution: () => this.#refusable(retryExecution, { executionId, downstream: force }),
      retryRun: () => this.#refusable(retryRun, { runId }),
      resizePool: () => this.#resizePool(),
    };
    await acts[operation]();
  }

  async #resizePool(): Promise<void> {
    const pools = await this.#sql<{ id: string; project_id: string }[]>`
      select id, project_id from pools order by id`;
    const pool = elementAt(pools, this.#random());
    const slots = wholeBetween(this.#random, 1, 3);
    if (!pool) return;
    await this.#refusable(updatePool, { poolId: pool.id, projectId: pool.project_id, slots });
  }

  /** A refusal is an answer; anything else that is thrown is not. */
  async #refusable<I extends object>(
    act: (db: Db, input: I & { actor: typeof person }) => Promise<unknown>,
    input: I,
  ): Promise<void> {
    await act(this.#db, { ...input, actor: person }).catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
    });
  }

  #runs() {
    return this.#sql<{ id: string }[]>`select id from runs order by id`;
  }

  #executions() {
    return this.#sql<{ id: string }[]>`select id from executions order by id`;
  }
}
