import type { BenchContext } from "@/worker/bench/context";
import { median } from "@/worker/bench/figures";
import { type Figure, onlyOurs, type Row, type Workload } from "@/worker/bench/workload";
import { graphsLoad } from "./graphs";
import { independentLoad } from "./independent";
import { drainRepeatedly, type Load } from "./throughput";

/** How often all are compared. */
const TURNS = 3;
/** How often each is measured then. */
const TIMES = 2;

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

/**
 * One, two and four workers by turns, since the machine is not the same at all times; the medians of the ratios of
 * neighbours. They have been there for a while: each has the load behind it once, in the same database, before it counts.
 * The one is another one each time, lest it alone be practised.
 */
async function compare(context: BenchContext, load: Load): Promise<[Figure, Figure]> {
  // All are there from the start, so that the memory they take is the same for all.
  const workers = await context.workers(4);
  const ratios: { two: number; four: number }[] = [];
  for (let turn = 0; turn < (context.quick ? 1 : TURNS); turn++) {
    const inTurn = [...workers.slice(turn), ...workers.slice(0, turn)];
    const drain = (count: number) =>
      drainRepeatedly(context, load, { workers: inTurn.slice(0, count), times: TIMES });
    const one = await drain(1);
    const two = await drain(2);
    const four = await drain(4);
    const [a, b, c] = [one, two, four].map(Math.round);
    context.notes.push(`${load.what}: ${a}/s by one worker, ${b}/s by two, ${c}/s by four`);
    ratios.push({ two: two / one, four: four / one });
  }
  return [
    onlyOurs(median(ratios.map(({ two }) => two))),
    onlyOurs(median(ratios.map(({ four }) => four))),
  ];
}
