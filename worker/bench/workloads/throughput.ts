import { channels } from "@/lib/db/channels";
import type { BenchWorker } from "@/worker/bench/bench-worker";
import { fillBare, installBare } from "@/worker/bench/ceilings/bare";
import { describeWay, findBestWay, WAYS } from "@/worker/bench/ceilings/best-way";
import { Hands, type Way } from "@/worker/bench/ceilings/drain";
import { installFull } from "@/worker/bench/ceilings/full";
import { bare, type CeilingKind, full } from "@/worker/bench/ceilings/kinds";
import { type BenchContext, type Filling, pauseBriefly, waitForRuns } from "@/worker/bench/context";
import { median } from "@/worker/bench/figures";
import { BENCH_ENGINE } from "@/worker/bench/no-op-runner";
import type { BenchDatabase } from "@/worker/bench/server";
import type { Shape } from "@/worker/bench/shapes";
import { type Figure, onlyOurs } from "@/worker/bench/workload";

/** Work that lies ready before anybody claims it. */
export type Load = {
  what: string;
  total: number;
  /** Schedules it through the product. */
  schedule: (database: BenchDatabase) => Promise<void>;
  /** The same as copies of a shape, for the bare tables. */
  shape: Shape;
};

/** Executions per second, and the processor time of the database, which a busy machine changes less. */
export type Drained = { rate: number; postgresSeconds: number };

/** Executions per second with one worker, and by hand. */
export async function measureThroughput(context: BenchContext, load: Load): Promise<Figure> {
  const ours = await drainByOne(context, load);
  if (!context.withCeilings) return onlyOurs(ours);
  return {
    ours,
    bare: await drainByHand(context, load, bare),
    full: await drainByHand(context, load, full),
  };
}

async function drainByOne(context: BenchContext, load: Load): Promise<number> {
  const workers = await context.workers(1);
  await context.warmUp(workers);
  return await context.withDatabase(async (database) => {
    const { rate } = await drainDatabase(context, database, { load, workers });
    await context.checkInvariants(database, load.what, { resting: true });
    return rate;
  }, filledByProduct(load));
}

/** Executions per second, with workers that take the load several times over in one database; the first time warms them up. */
export async function drainRepeatedly(
  context: BenchContext,
  load: Load,
  { workers, times }: { workers: readonly BenchWorker[]; times: number },
): Promise<number> {
  return await context.withDatabase(async (database) => {
    const rates: number[] = [];
    await withWorkers(context, database, workers, async () => {
      for (let time = 0; time <= times; time++) {
        await holdBack(database);
        await load.schedule(database);
        const { rate } = await drainNewest(context, database, { load, workers });
        if (time > 0) rates.push(rate);
      }
    });
    await context.checkInvariants(database, load.what, { resting: true });
    return median(rates);
  });
}

/** Executions per second of what was scheduled last, by workers that are started for it. */
export async function drainDatabase(
  context: BenchContext,
  database: BenchDatabase,
  { load, workers }: { load: Load; workers: readonly BenchWorker[] },
): Promise<Drained> {
  await holdBack(database);
  return await withWorkers(context, database, workers, () =>
    drainNewest(context, database, { load, workers }),
  );
}

/** Starts workers for some work that takes all their moments; those that come later are of executions that ran again. */
async function withWorkers<T>(
  context: BenchContext,
  { url }: BenchDatabase,
  workers: readonly BenchWorker[],
  work: () => Promise<T>,
): Promise<T> {
  await Promise.all(workers.map((worker) => worker.start(url, context.concurrency)));
  const result = await work();
  const late = (await Promise.all(workers.map((worker) => worker.stop()))).flat();
  if (late.length > 0)
    context.problems.push(`The runner was called ${late.length} times after all had completed.`);
  return result;
}

/** Lets workers take what was scheduled last; measured from the first claim to the last completion by the database's clock. */
async function drainNewest(
  context: BenchContext,
  database: BenchDatabase,
  { load, workers }: { load: Load; workers: readonly BenchWorker[] },
): Promise<Drained> {
  const { what, total } = load;
  const projectId = await findNewestProject(database);
  await pauseBriefly();
  const cpuBefore = readCpu(context, workers);
  await letGo(database);
  await waitForRuns(database, projectId);
  const cpu = readCpu(context, workers);
  const moments = (await Promise.all(workers.map((worker) => worker.takeMoments()))).flat();
  context.checkMoments(moments, total, what);
  await context.checkCompleted(database, projectId, what);
  const [row] = await database.sql<{ seconds: number }[]>`
    select extract(epoch from max(e.finished_at) - min(a.claimed_at))::float8 as seconds
    from executions e join attempts a on a.execution_id = e.id where e.project_id = ${projectId}`;
  const seconds = row?.seconds ?? Number.NaN;
  const postgresSeconds = cpu.postgres - cpuBefore.postgres;
  const workerSeconds = cpu.workers - cpuBefore.workers;
  context.say(
    `${what}: ${Math.round(total / seconds)}/s in ${seconds.toFixed(2)} s; processor time: ` +
      `PostgreSQL ${postgresSeconds.toFixed(2)} s, ${workers.length} worker(s) ${workerSeconds.toFixed(2)} s`,
  );
  return { rate: total / seconds, postgresSeconds };
}

/** Keeps workers from claiming until all are up: what is measured is workers that have been there before the work. */
async function holdBack({ sql }: BenchDatabase): Promise<void> {
  await sql`
    insert into circuit_breakers (engine, opened_at, half_open_at, cooldown_seconds, probe_limit)
    values (${BENCH_ENGINE}, now(), now() + interval '1 hour', 3600, 1)`;
}

async function letGo({ sql }: BenchDatabase): Promise<void> {
  await sql`with closed as (delete from circuit_breakers returning engine) select pg_notify(${channels.queue}, '') from closed`;
}

function readCpu({ server }: BenchContext, workers: readonly BenchWorker[]) {
  const ofWorkers = workers.reduce((sum, worker) => sum + worker.cpuSeconds(), 0);
  return { postgres: server.cpuSeconds(), workers: ofWorkers };
}

async function findNewestProject({ sql }: BenchDatabase): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    select id from projects order by created_at desc limit 1`;
  if (!row) throw new Error("Nothing was scheduled.");
  return row.id;
}

async function drainByHand(context: BenchContext, load: Load, kind: CeilingKind): Promise<number> {
  const drain = (way: Way) =>
    context.withDatabase(
      async (database) => {
        if (kind.name === "full") await installFull(database);
        const hands = await Hands.open(database.url, way.connections);
        const cpuBefore = context.server.cpuSeconds();
        const { seconds } = await hands.drain(load.total, way);
        const cpu = context.server.cpuSeconds() - cpuBefore;
        await hands.close();
        context.say(
          `${load.what}, ${kind.name}: ${Math.round(load.total / seconds)}/s by ${describeWay(way)}; ` +
            `processor time: PostgreSQL ${cpu.toFixed(2)} s`,
        );
        await kind.check(context, database, load.what);
        return seconds;
      },
      kind.name === "full" ? filledByProduct(load) : filledBare(load),
    );
  const ways = load.shape.length > 1 ? WAYS.dependent : WAYS.independent;
  const way = await findBestWay(`${load.what} (${kind.name})`, ways, drain);
  return load.total / (await drain(way));
}

function filledByProduct({ what, schedule }: Load): Filling {
  return { what, fill: schedule };
}

function filledBare({ what, shape, total }: Load): Filling {
  const fill = async (database: BenchDatabase) => {
    await installBare(database);
    await fillBare(database, { shape, copies: total / shape.length });
  };
  return { what: `${what} (bare)`, fill };
}
