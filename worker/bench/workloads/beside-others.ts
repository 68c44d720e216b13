import type { BenchContext } from "@/worker/bench/context";
import { median } from "@/worker/bench/figures";
import { loadOthers } from "@/worker/bench/rows/others";
import type { BenchDatabase } from "@/worker/bench/server";
import { type Figure, onlyOurs, type Row, type Workload } from "@/worker/bench/workload";
import { independentLoad } from "./independent";
import { type Drained, drainDatabase, type Load } from "./throughput";

const SIZES = { ten: 10_000, hundred: 100_000, million: 1_000_000 } as const;
type Size = keyof typeof SIZES;
type Key = Size | `${Size}Cpu`;

/** The invariants look at every row in ways that take minutes beyond this. */
const MAX_CHECKED = 200_000;

function row(size: Size): Row {
  const count = SIZES[size].toLocaleString("en");
  const title = `W1 beside ${count} future, blocked, finished, to empty`;
  return { title, unit: "×", must: { atLeast: 0.9 }, moonshot: null };
}

/** Says more than the rate on a busy machine. */
const cpuRow: Row = {
  title: "the same by processor time of PostgreSQL",
  unit: "×",
  must: null,
  moonshot: null,
};

export const besideOthers: Workload<Key> = {
  id: "W5",
  rows: {
    ten: row("ten"),
    tenCpu: cpuRow,
    hundred: row("hundred"),
    hundredCpu: cpuRow,
    million: row("million"),
    millionCpu: cpuRow,
  },
  measure: async (context) => {
    const sizes: Size[] = context.quick ? ["ten", "hundred"] : ["ten", "hundred", "million"];
    const figures: Partial<Record<Key, Figure>> = {};
    for (const size of sizes) {
      const { rate, cpu } = await measureBeside(context, SIZES[size]);
      figures[size] = onlyOurs(rate);
      figures[`${size}Cpu`] = onlyOurs(cpu);
    }
    return figures;
  },
};

/** Empty and loaded by turns, since the machine is not the same at all times; the medians of the ratios of neighbours. */
function measureBeside(
  context: BenchContext,
  count: number,
): Promise<{ rate: number; cpu: number }> {
  const load = independentLoad(context.quick ? 5000 : 20_000);
  const name = `W1 beside ${count.toLocaleString("en")}`;
  return context.withDatabase(async (loaded) => {
    await loadOthers(loaded, count);
    // The first turn warms the caches of a database that has just been filled.
    await scheduleAndDrain(context, loaded, load);
    const pairs: { empty: Drained; beside: Drained }[] = [];
    for (let i = 0; i < (context.quick ? 3 : 5); i++) {
      const empty = await context.withDatabase((db) => scheduleAndDrain(context, db, load));
      const beside = await scheduleAndDrain(context, loaded, load);
      pairs.push({ empty, beside });
      context.notes.push(`${name}: ${describeDrained(beside)}; empty: ${describeDrained(empty)}`);
    }
    if (count <= MAX_CHECKED) await context.checkInvariants(loaded, name, { resting: false });
    return {
      rate: median(pairs.map(({ empty, beside }) => beside.rate / empty.rate)),
      cpu: median(pairs.map(({ empty, beside }) => empty.postgresSeconds / beside.postgresSeconds)),
    };
  });
}

/** Schedules a load and has one worker take all of it. */
export async function scheduleAndDrain(
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
