import { MAX_TASKS_PER_GRAPH } from "@/lib/domain/limits";
import type { BenchContext } from "@/worker/bench/context";
import { median } from "@/worker/bench/figures";
import { createBenchProject, scheduleShape } from "@/worker/bench/schedule";
import type { BenchDatabase } from "@/worker/bench/server";
import { layers } from "@/worker/bench/shapes";
import { onlyOurs, type Workload } from "@/worker/bench/workload";

const DEPENDENCIES = 20_000;

export const largeGraph: Workload<"time"> = {
  id: "graph",
  rows: {
    time: {
      title: "scheduling a graph of 10,000 tasks, 20,000 dependencies",
      unit: "s",
      must: { atMost: 1.5 },
      moonshot: { atMost: 0.7 },
    },
  },
  measure: (context) =>
    context.withDatabase(async (database) => {
      const { db, sql } = database;
      const project = await createBenchProject(db, MAX_TASKS_PER_GRAPH);
      await sql`analyze`;
      const shape = layers({ tasks: MAX_TASKS_PER_GRAPH, dependencies: DEPENDENCIES });
      const times: number[] = [];
      for (let i = 0; i < (context.quick ? 2 : 5); i++) {
        const startedAt = performance.now();
        await scheduleShape(db, project, shape);
        times.push((performance.now() - startedAt) / 1000);
      }
      await checkTransactions(context, database, times.length);
      return { time: onlyOurs(median(times)) };
    }),
};

/** Each graph must be there as a whole, written by one transaction. */
async function checkTransactions(
  context: BenchContext,
  database: BenchDatabase,
  graphs: number,
): Promise<void> {
  const [row] = await database.sql<Record<"transactions" | "executions" | "edges", number>[]>`
    select count(distinct xmin::text)::int as transactions, count(*)::int as executions,
      (select count(*)::int from execution_dependencies) as edges from executions`;
  const isWhole =
    row?.transactions === graphs &&
    row.executions === graphs * MAX_TASKS_PER_GRAPH &&
    row.edges === graphs * DEPENDENCIES;
  if (!isWhole) context.problems.push(`${graphs} large graphs: ${JSON.stringify(row)}.`);
  await context.checkInvariants(database, "large graphs", { resting: false });
}
