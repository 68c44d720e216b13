import type { BenchContext } from "@/worker/bench/context";
import { type Figure, onlyOurs, type Row, type Workload } from "@/worker/bench/workload";
import { graphsLoad } from "./graphs";
import { independentLoad } from "./independent";
import { drainByWorkers, type Load } from "./throughput";

const row = (title: string): Row => ({
  title: `${title}, to one`,
  unit: "×",
  must: { atLeast: 1 },
  moonshot: { atLeast: 1.5 },
});

export const severalWorkers: Workload<"two" | "four" | "twoOnGraphs" | "fourOnGraphs"> = {
  id: "W6",
  rows: {
    two: row("W1 with 2 workers"),
    four: row("W1 with 4 workers"),
    twoOnGraphs: row("W3 with 2 workers"),
    fourOnGraphs: row("W3 with 4 workers"),
  },
  measure: async (context) => {
    const independent = independentLoad(context.quick ? 5000 : 20_000);
    const [two, four] = await compare(context, independent);
    const [twoOnGraphs, fourOnGraphs] = await compare(
      context,
      graphsLoad(context.quick ? 100 : 500),
    );
    return { two, four, twoOnGraphs, fourOnGraphs };
  },
};

/** The rate of two and of four workers as multiples of that of one, on the same work. */
async function compare(context: BenchContext, load: Load): Promise<[Figure, Figure]> {
  // All are there from the start, so that the memory they take is the same for all.
  await context.workers(4);
  const one = await drainByWorkers(context, load, 1);
  const two = await drainByWorkers(context, load, 2);
  const four = await drainByWorkers(context, load, 4);
  const [a, b, c] = [one, two, four].map(Math.round);
  context.notes.push(`${load.what}: ${a}/s by one worker, ${b}/s by two, ${c}/s by four`);
  return [onlyOurs(two / one), onlyOurs(four / one)];
}
