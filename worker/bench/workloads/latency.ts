import { findBestWay, WAYS } from "@/worker/bench/ceilings/best-way";
import { Hands, type Step, type Way } from "@/worker/bench/ceilings/drain";
import { bare, type CeilingKind, full } from "@/worker/bench/ceilings/kinds";
import {
  type BenchContext,
  pauseBriefly,
  waitForMoments,
  waitForRuns,
} from "@/worker/bench/context";
import { median } from "@/worker/bench/figures";
import type { Moment } from "@/worker/bench/no-op-runner";
import { createBenchProject, scheduleShape } from "@/worker/bench/schedule";
import type { BenchDatabase } from "@/worker/bench/server";
import type { Shape } from "@/worker/bench/shapes";
import { type Figure, onlyOurs } from "@/worker/bench/workload";

type Graph = { what: string; shape: Shape; times: number };
/** What is looked at in one graph that ran alone, in milliseconds. */
type Look = {
  atWorker: (moments: PlacedMoment[]) => number[];
  byHand: (steps: readonly Step[]) => number[];
  /** Whether so much runs side by side that the size of the batches matters. */
  isWide: boolean;
};
/** As many as any way by hand needs. */
const CONNECTIONS = 2;
/** Graphs that run first: they open connections and prepare statements. */
const UNMEASURED = 2;

type PlacedMoment = Moment & { dependsOn: string[] };

/** Median of the milliseconds between the end of the last dependency and the start of the dependent. */
export function measureHops(context: BenchContext, graph: Graph): Promise<Figure> {
  return measure(context, graph, { atWorker: hopsOf, byHand: hopsByHand, isWide: false });
}

/** Median of the milliseconds from the start of the first execution to the end of the last. */
export function measureWholeRun(context: BenchContext, graph: Graph): Promise<Figure> {
  const span = (moments: readonly Moment[]) => [
    Math.max(...moments.map((m) => m.endedAt)) - Math.min(...moments.map((m) => m.startedAt)),
  ];
  return measure(context, graph, { atWorker: span, byHand: spanByHand, isWide: true });
}

async function measure(context: BenchContext, graph: Graph, look: Look): Promise<Figure> {
  const ours = await measureOurs(context, graph, look);
  if (!context.withCeilings) return onlyOurs(ours);
  return {
    ours,
    bare: await measureByHand(context, graph, look, bare),
    full: await measureByHand(context, graph, look, full),
  };
}

/** Graphs one after the other, each on an idle worker. */
async function measureOurs(context: BenchContext, graph: Graph, look: Look): Promise<number> {
  const [worker] = await context.workers(1);
  if (!worker) throw new Error("There is no worker.");
  return await context.withDatabase(async (database) => {
    const project = await createBenchProject(database.db, graph.shape.length);
    await worker.start(database.url, context.concurrency);
    const values: number[] = [];
    for (let i = 0; i < UNMEASURED + graph.times; i++) {
      await scheduleShape(database.db, project, graph.shape);
      const moments = await waitForMoments(worker, graph.shape.length);
      context.checkMoments(moments, graph.shape.length, graph.what);
      await pauseBriefly();
      if (i >= UNMEASURED) values.push(...look.atWorker(await addDependencies(database, moments)));
    }
    await waitForRuns(database);
    await worker.stop();
    await context.check(database, graph.what);
    return median(values);
  });
}

/** The moments of one run, with what each execution waited for. */
async function addDependencies(
  { sql }: BenchDatabase,
  moments: readonly Moment[],
): Promise<PlacedMoment[]> {
  const rows = await sql<{ executionId: string; dependsOnId: string }[]>`
    select execution_id as "executionId", depends_on_id as "dependsOnId" from execution_dependencies
    where execution_id = any(${`{${moments.map((m) => m.executionId).join(",")}}`}::uuid[])`;
  const dependsOn = new Map(moments.map((m): [string, string[]] => [m.executionId, []]));
  for (const row of rows) dependsOn.get(row.executionId)?.push(row.dependsOnId);
  return moments.map((m) => ({ ...m, dependsOn: dependsOn.get(m.executionId) ?? [] }));
}

function hopsOf(moments: readonly PlacedMoment[]): number[] {
  const endOf = new Map(moments.map((m) => [m.executionId, m.endedAt]));
  return moments
    .filter(({ dependsOn }) => dependsOn.length > 0)
    .map((m) => m.startedAt - Math.max(...m.dependsOn.map((id) => endOf.get(id) ?? Number.NaN)));
}

/** The same graphs, one after the other, by hand. */
function measureByHand(
  context: BenchContext,
  { what, shape, times }: Graph,
  look: Look,
  kind: CeilingKind,
): Promise<number> {
  return context.withDatabase(async (database) => {
    await kind.install(database);
    const schedule = await kind.prepare(database, shape);
    const hands = await Hands.open(database.url, CONNECTIONS);
    const drain = async (count: number, way: Way) => {
      const values: number[] = [];
      for (let i = 0; i < count; i++) {
        await schedule();
        await pauseBriefly();
        values.push(...look.byHand((await hands.drain(shape.length, way)).steps));
      }
      return median(values);
    };
    const ways = look.isWide ? WAYS.dependent : WAYS.narrow;
    for (const each of ways) await drain(UNMEASURED, each);
    const way = await findBestWay(`${what} (${kind.name})`, ways, (each) => drain(3, each));
    const value = await drain(times, way);
    await hands.close();
    await kind.check(context, database, what);
    return value;
  });
}

/** Each call that ended something and took what it released counts once for everything it took. */
function hopsByHand(steps: readonly Step[]): number[] {
  return steps.slice(1).flatMap((s) => Array.from({ length: s.n }, () => s.endedAt - s.startedAt));
}

/** From the answer that handed out the first to the answer that handed out the last. */
function spanByHand(steps: readonly Step[]): number[] {
  const taking = steps.filter(({ n }) => n > 0);
  return [Math.max(...taking.map((s) => s.endedAt)) - (taking[0]?.endedAt ?? Number.NaN)];
}
