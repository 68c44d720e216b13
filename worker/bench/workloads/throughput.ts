import { fillBare, installBare } from "@/worker/bench/ceilings/bare";
import { findBestWay } from "@/worker/bench/ceilings/best-way";
import { Hands, type Way } from "@/worker/bench/ceilings/drain";
import { installFull } from "@/worker/bench/ceilings/full";
import { bare, type CeilingKind, full } from "@/worker/bench/ceilings/kinds";
import { type BenchContext, type Filling, waitForRuns } from "@/worker/bench/context";
import type { BenchDatabase } from "@/worker/bench/server";
import type { Shape } from "@/worker/bench/shapes";
import type { Figure } from "@/worker/bench/workload";

/** Work that lies ready before anybody claims it. */
export type Load = {
  what: string;
  total: number;
  /** Schedules it through the product. */
  schedule: (database: BenchDatabase) => Promise<void>;
  /** The same as copies of a shape, for the bare tables. */
  shape: Shape;
};

/** Executions per second with one worker, and by hand. */
export async function measureThroughput(context: BenchContext, load: Load): Promise<Figure> {
  const ours = await drainByWorkers(context, load, 1);
  if (!context.withCeilings) return { ours, bare: null, full: null };
  return {
    ours,
    bare: await drainByHand(context, load, bare),
    full: await drainByHand(context, load, full),
  };
}

/** Executions per second, from the first claim to the last completion by the database's clock. */
async function drainByWorkers(
  context: BenchContext,
  load: Load,
  workerCount: number,
): Promise<number> {
  const workers = await context.workers(workerCount);
  return await context.withDatabase(async (database) => {
    await Promise.all(workers.map((worker) => worker.start(database.url, context.concurrency)));
    await waitForRuns(database);
    const moments = (await Promise.all(workers.map((worker) => worker.stop()))).flat();
    context.checkMoments(moments, load.total, load.what);
    await context.check(database, load.what);
    const [row] = await database.sql<{ seconds: number }[]>`
      select extract(epoch from (select max(finished_at) from executions) - (select min(claimed_at) from attempts))::float8 as seconds`;
    return load.total / (row?.seconds ?? Number.NaN);
  }, filledByProduct(load));
}

async function drainByHand(context: BenchContext, load: Load, kind: CeilingKind): Promise<number> {
  const drain = (way: Way) =>
    context.withDatabase(
      async (database) => {
        if (kind.name === "full") await installFull(database);
        const hands = await Hands.open(database.url, way.connections);
        const { seconds } = await hands.drain(load.total, way);
        await hands.close();
        await kind.check(context, database, load.what);
        return seconds;
      },
      kind.name === "full" ? filledByProduct(load) : filledBare(load),
    );
  const way = await findBestWay(`${load.what} (${kind.name})`, drain);
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
