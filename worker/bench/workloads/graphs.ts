import { createBenchProject, scheduleShape } from "@/worker/bench/schedule";
import { fan } from "@/worker/bench/shapes";
import type { Workload } from "@/worker/bench/workload";
import { measureHops } from "./latency";
import { type Load, measureThroughput } from "./throughput";

const GRAPH_OF_10 = fan(8);
/** How many graphs are scheduled at the same time; that is not measured. */
const SCHEDULERS = 4;

/** So many graphs of ten: one, eight that wait for it, one that waits for them. */
export function graphsLoad(count: number): Load {
  return {
    what: `${count} graphs of 10`,
    total: count * GRAPH_OF_10.length,
    schedule: async ({ db }) => {
      const project = await createBenchProject(db, GRAPH_OF_10.length);
      let left = count;
      const schedule = async () => {
        while (left > 0) {
          left -= 1;
          await scheduleShape(db, project, GRAPH_OF_10);
        }
      };
      await Promise.all(Array.from({ length: SCHEDULERS }, schedule));
    },
    shape: GRAPH_OF_10,
  };
}

export const graphs: Workload<"rate" | "hop"> = {
  id: "W3",
  rows: {
    rate: {
      title: "500 graphs of 10 (1 → 8 → 1)",
      unit: "/s",
      must: { atLeast: 3700, ofFull: 0.8 },
      moonshot: { atLeast: 5000 },
    },
    hop: {
      title: "one such graph alone, per hop, p50",
      unit: "ms",
      must: { atMost: 2 },
      moonshot: { atMost: 1.4 },
    },
  },
  measure: async (context) => ({
    rate: await measureThroughput(context, graphsLoad(context.quick ? 100 : 500)),
    hop: await measureHops(context, {
      what: "one graph of 10",
      shape: GRAPH_OF_10,
      times: context.quick ? 10 : 40,
    }),
  }),
};
