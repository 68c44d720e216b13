import { findViolations } from "@/lib/testing/invariants";
import { BenchWorker, buildBenchWorker } from "./bench-worker";
import type { Moment } from "./no-op-runner";
import { createBenchProject, scheduleIndependent, scheduleShape } from "./schedule";
import type { BenchDatabase, BenchServer } from "./server";
import { fan } from "./shapes";

const WARM_UP_EXECUTIONS = 6000;
const WARM_UP_GRAPHS = 300;
/** One, eight that wait for it, one that waits for them. */
const SMALL_GRAPH = fan(8);
const LIMIT_MS = 600_000;

/** How a database is filled, under a name by which it is found again. */
export type Filling = { what: string; fill: (database: BenchDatabase) => Promise<void> };

/** What every workload needs: the server, worker processes, and where to say what was wrong. */
export class BenchContext {
  readonly server: BenchServer;
  readonly quick: boolean;
  readonly withCeilings: boolean;
  /** What must not have happened. Any makes the benchmark fail. */
  readonly problems: string[] = [];
  /** What is worth knowing besides the table. */
  readonly notes: string[] = [];
  /** Slots of each worker in the workloads that measure throughput. */
  readonly concurrency: number;
  /** Tells whoever waits what is going on. */
  readonly say: (line: string) => void;
  #program: string | null = null;
  readonly #workers: BenchWorker[] = [];
  readonly #filled = new Map<string, string>();

  constructor(options: {
    server: BenchServer;
    quick: boolean;
    withCeilings: boolean;
    concurrency: number;
    say: (line: string) => void;
  }) {
    this.server = options.server;
    this.quick = options.quick;
    this.withCeilings = options.withCeilings;
    this.concurrency = options.concurrency;
    this.say = options.say;
  }

  /** So many worker processes, whose code has run before. */
  async workers(count: number): Promise<BenchWorker[]> {
    while (this.#workers.length < count) {
      this.#program ??= await buildBenchWorker();
      const worker = new BenchWorker({
        program: this.#program,
        dir: this.server.dir,
        number: this.#workers.length + 1,
      });
      this.#workers.push(worker);
      await this.warmUp([worker]);
    }
    return this.#workers.slice(0, count);
  }

  /** A database for one measurement: fresh, or a copy of one that was filled before under this name. */
  async withDatabase<T>(
    work: (database: BenchDatabase) => Promise<T>,
    filled?: Filling,
  ): Promise<T> {
    const template = filled && (await this.#fillOnce(filled));
    const database = await this.server.createDatabase(template);
    try {
      if (template) await readAll(database);
      return await work(database);
    } finally {
      await database.drop();
    }
  }

  /** Filling takes longer than measuring, so it is done once and copied; ours and by hand start from the same. */
  async #fillOnce({ what, fill }: Filling): Promise<string> {
    const known = this.#filled.get(what);
    if (known) return known;
    const database = await this.server.createDatabase();
    await fill(database);
    await database.sql`vacuum analyze`;
    await database.close();
    this.#filled.set(what, database.name);
    return database.name;
  }

  /** Forgets what was filled, so that its databases cost nothing more. */
  async dropFilled(): Promise<void> {
    for (const name of this.#filled.values()) await this.server.dropDatabase(name);
    this.#filled.clear();
  }

  /** Everything must have completed at its first attempt, and no invariant may be violated. */
  async check(database: BenchDatabase, what: string): Promise<void> {
    for (const { id } of await database.sql<{ id: string }[]>`select id from projects`)
      await this.checkCompleted(database, id, what);
    await this.checkInvariants(database, what, { resting: true });
  }

  /** Everything of a project must have completed at its first attempt. */
  async checkCompleted({ sql }: BenchDatabase, projectId: string, what: string): Promise<void> {
    const [row] = await sql<{ n: number }[]>`
      select count(distinct e.id)::int as n from executions e
        left join attempts a on a.execution_id = e.id
      where e.project_id = ${projectId}
        and (e.status <> 'COMPLETED' or a.outcome is distinct from 'COMPLETED' or a.attempt <> 1)`;
    if (row && row.n > 0) this.problems.push(`${what}: ${row.n} did not complete at once.`);
  }

  /** No invariant may be violated; with `resting` nothing may be unfinished either. */
  async checkInvariants(
    database: BenchDatabase,
    what: string,
    options: { resting: boolean },
  ): Promise<void> {
    await database.sql`analyze`;
    for (const { inv, n } of await findViolations(database.sql, options))
      this.problems.push(`${what}: ${n} rows violate ${inv}.`);
  }

  /** The runner must have been called exactly once for each execution, whichever worker claimed it. */
  checkMoments(moments: readonly Moment[], total: number, what: string): void {
    const different = new Set(moments.map(({ executionId }) => executionId)).size;
    if (different !== total || moments.length !== total)
      this.problems.push(
        `${what}: the runner was called ${moments.length} times for ${different} of ${total} executions.`,
      );
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  /** Gives workers something to do before they are measured: those that have idled for a while are slower at first. */
  async warmUp(workers: readonly BenchWorker[]): Promise<void> {
    await this.withDatabase(async (database) => {
      const { db, url } = database;
      await scheduleIndependent(db, await createBenchProject(db, 1), WARM_UP_EXECUTIONS);
      const project = await createBenchProject(db, SMALL_GRAPH.length);
      for (let i = 0; i < WARM_UP_GRAPHS; i++) await scheduleShape(db, project, SMALL_GRAPH);
      await Promise.all(workers.map((worker) => worker.start(url, this.concurrency)));
      await waitForRuns(database);
      await Promise.all(workers.map((worker) => worker.stop()));
    });
  }
}

/** Brings a copy into memory, where the original would still be. */
async function readAll({ sql }: BenchDatabase): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  for (const { name } of tables)
    await sql`select count(*) from ${sql(name)} t where t::text is null`;
}

/** Waits until every run, or every one of a project, has come to its end. */
export async function waitForRuns({ sql }: BenchDatabase, projectId?: string): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const [open] = await sql`
      select 1 from runs where status in ('SCHEDULED', 'RUNNING', 'PAUSED')
        and (${projectId ?? null}::uuid is null or project_id = ${projectId ?? null}) limit 1`;
    if (!open) return;
    if (Date.now() > end) throw new Error(`The runs did not end within ${LIMIT_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asks a worker for its moments until there are so many. */
export async function waitForMoments(worker: BenchWorker, count: number): Promise<Moment[]> {
  const moments: Moment[] = [];
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    moments.push(...(await worker.takeMoments()));
    if (moments.length >= count) return moments;
    if (Date.now() > end) throw new Error(`${moments.length} of ${count} executions were started.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A pause as between people's requests, so that nothing falls into step with a timer. */
export function pauseBriefly(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 40));
}
