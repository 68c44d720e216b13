import type { BenchContext } from "@/worker/bench/context";
import { median } from "@/worker/bench/figures";
import { loadOthers } from "@/worker/bench/rows/others";
import type { BenchDatabase } from "@/worker/bench/server";
import { type Figure, onlyOurs, type Row, type Workload } from "@/worker/bench/workload";
import { independentLoad } from "./independent";
import { type Drained, drainDatabase, type Load } from "./throughput";

const SIZES = { ten: 10_000, hundred: 100_000, million: 1_000_000 } as const;
type Size = keyof typeof SIZES;

/** The invariants look at every row in ways that take minutes beyond this. */
const MAX_CHECKED = 200_000;

function row(size: Size): Row {
  const count = SIZES[size].toLocaleString("en");
  return {
    title: `W1 beside ${count} future, blocked and finished, to empty`,
    unit: "×",
    must: { atLeast: 0.9 },
    moonshot: null,
  };
}

export const besideOthers: Workload<Size> = {
  id: "W5",
  rows: { ten: row("ten"), hundred: row("hundred"), million: row("million") },
  measure: async (context) => {
    const sizes: Size[] = context.quick ? ["ten", "hundred"] : ["ten", "hundred", "million"];
    const figures: Partial<Record<Size, Figure>> = {};
    for (const size of sizes) figures[size] = await measureBeside(context, SIZES[size]);
    return figures;
  },
};

/** Empty and loaded by turns, since the machine is not the same at all times; the median of the ratios of neighbours. */
function measureBeside(context: BenchContext, count: number): Promise<Figure> {
  const load = independentLoad(context.quick ? 5000 : 20_000);
  return context.withDatabase(async (loaded) => {
    await loadOthers(loaded, count);
    const drainLoaded = () => scheduleAndDrain(context, loaded, load);
    const drainEmpty = () =>
      context.withDatabase((empty) => scheduleAndDrain(context, empty, load));
    const ratios: number[] = [];
    // The first turn warms the caches of a database that has just been filled.
    await drainLoaded();
    for (let i = 0; i < 3; i++) {
      const [empty, beside] = [await drainEmpty(), await drainLoaded()];
      const what = `W1 beside ${count.toLocaleString("en")}`;
      context.notes.push(`${what}: ${describeDrained(beside)}; empty: ${describeDrained(empty)}`);
      ratios.push(beside.rate / empty.rate);
    }
    if (count <= MAX_CHECKED)
      await context.checkInvariants(loaded, `beside ${count}`, { resting: false });
    return onlyOurs(median(ratios));
  });
}

async function scheduleAndDrain(
  context: BenchContext,
  database: BenchDatabase,
  load: Load,
): Promise<Drained> {
  await load.schedule(database);
  await database.sql`vacuum analyze`;
  const workers = await context.workers(1);
  return await drainDatabase(context, database, { load, workers });
}

function describeDrained({ rate, postgresSeconds }: Drained): string {
  return `${Math.round(rate)}/s, ${postgresSeconds.toFixed(2)} s of PostgreSQL's processor time`;
}
