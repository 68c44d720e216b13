import { log } from "@/lib/log";
import { median } from "@/worker/bench/figures";
import { loadRows } from "@/worker/bench/rows/load-rows";
import { createBenchProject } from "@/worker/bench/schedule";
import type { BenchDatabase } from "@/worker/bench/server";
import { onlyOurs, type Workload } from "@/worker/bench/workload";
import { Poller } from "@/worker/poller";
import { createPrunePoll } from "@/worker/pruner";
import { WorkerDatabase } from "@/worker/worker-database";
import { scheduleAndDrain } from "./beside-others";
import { independentLoad } from "./independent";

/** Executions that are over for so long that they go. */
const OLD = 100_000;
const PER_RUN = 50;

export const besidePruner: Workload<"rate"> = {
  id: "prune",
  rows: {
    rate: {
      title: "W1 while 100,000 old executions are deleted, to undisturbed",
      unit: "×",
      must: { atLeast: 0.9 },
      moonshot: null,
    },
  },
  measure: (context) =>
    context.withDatabase(async (database) => {
      await loadOld(database);
      const load = independentLoad(context.quick ? 5000 : 20_000);
      await scheduleAndDrain(context, database, load);
      const ratios: number[] = [];
      // By turns, since the machine is not the same at all times.
      for (let i = 0; i < 3; i++) {
        const alone = await scheduleAndDrain(context, database, load);
        const { result: beside, deleted } = await whilePruning(database, () =>
          scheduleAndDrain(context, database, load),
        );
        if (deleted === 0) context.problems.push("The pruner has deleted nothing.");
        ratios.push(beside.rate / alone.rate);
        context.notes.push(
          `W1: ${Math.round(beside.rate)}/s while ${deleted} were deleted, ${Math.round(alone.rate)}/s undisturbed`,
        );
      }
      return { rate: onlyOurs(median(ratios)) };
    }),
};

/** Older than the pruner here wants it, and younger than the workers' own would. */
async function loadOld({ db, sql }: BenchDatabase): Promise<void> {
  const project = await createBenchProject(db, 10);
  const statuses = Array.from({ length: PER_RUN }, () => "COMPLETED" as const);
  const plan = { ...project, name: "Old", dueIn: "0", spreadOver: "7 days", statuses };
  await loadRows(sql, { ...plan, runs: OLD / PER_RUN });
  await sql`update runs set finished_at = finished_at - interval '60 days'`;
}

async function whilePruning<T>(
  database: BenchDatabase,
  work: () => Promise<T>,
): Promise<{ result: T; deleted: number }> {
  let deleted = 0;
  const own = new WorkerDatabase(database.url, { name: "bench pruner", max: 1 });
  const poll = createPrunePoll({
    database: own,
    retentionDays: 30,
    log: log.child({}, { level: "silent" }),
    onPruned: ({ executions }) => {
      deleted += executions;
    },
  });
  const poller = new Poller({ name: "prune", poll, log });
  poller.start();
  try {
    return { result: await work(), deleted };
  } finally {
    await poller.stop();
    await own.close();
  }
}
