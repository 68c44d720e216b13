import { createBenchProject, scheduleIndependent } from "@/worker/bench/schedule";
import type { Workload } from "@/worker/bench/workload";
import { type Load, measureThroughput } from "./throughput";

/** So many executions that wait for nothing. */
export function independentLoad(total: number): Load {
  return {
    what: `${total.toLocaleString("en")} independent executions`,
    total,
    schedule: async ({ db }) => scheduleIndependent(db, await createBenchProject(db, 2), total),
    shape: [[]],
  };
}

export const independent: Workload<"rate"> = {
  id: "W1",
  rows: {
    rate: {
      title: "20,000 independent executions, one worker",
      unit: "/s",
      must: { atLeast: 9000, ofFull: 0.75 },
      moonshot: { atLeast: 20_000 },
    },
  },
  measure: async (context) => ({
    rate: await measureThroughput(context, independentLoad(context.quick ? 5000 : 20_000)),
  }),
};
