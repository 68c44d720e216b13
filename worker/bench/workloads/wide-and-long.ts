import { chain, fan } from "@/worker/bench/shapes";
import type { Workload } from "@/worker/bench/workload";
import { measureHops, measureWholeRun } from "./latency";

export const wideAndLong: Workload<"whole" | "hop"> = {
  id: "W4",
  rows: {
    whole: {
      title: "1 → 1,000 → 1, whole run",
      unit: "ms",
      must: { atMost: 150 },
      moonshot: { atMost: 100 },
    },
    hop: {
      title: "chain of 200, per hop, p50",
      unit: "ms",
      must: { atMost: 1.5 },
      moonshot: { atMost: 1 },
    },
  },
  measure: async (context) => ({
    whole: await measureWholeRun(context, {
      what: "1 → 1,000 → 1",
      shape: fan(1000),
      times: context.quick ? 3 : 7,
    }),
    hop: await measureHops(context, {
      what: "chain of 200",
      shape: chain(200),
      times: context.quick ? 1 : 3,
    }),
  }),
};
