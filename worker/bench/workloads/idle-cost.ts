import { setTimeout as sleep } from "node:timers/promises";
import { readConfig } from "@/lib/config";
import type { BenchWorker } from "@/worker/bench/bench-worker";
import type { BenchContext } from "@/worker/bench/context";
import type { BenchDatabase } from "@/worker/bench/server";
import { onlyOurs, type Workload } from "@/worker/bench/workload";

/** Until connections are open and the first polls are over. */
const SETTLE_MS = 6000;
const WATCHED_SECONDS = 30;

export const idleCost: Workload<"transactions" | "cpu"> = {
  id: "idle",
  rows: {
    transactions: {
      title: "idle worker, transactions per poll interval (claim, heartbeat, sweep)",
      unit: "",
      // One for each loop, and now and then one more that falls into the time at its edge.
      must: { atMost: 3.5 },
      moonshot: null,
    },
    cpu: {
      title: "idle worker and PostgreSQL, share of a core",
      unit: "%",
      must: { atMost: 1 },
      moonshot: null,
    },
  },
  measure: async (context) => {
    const [worker] = await context.workers(1);
    if (!worker) throw new Error("There is no worker.");
    // `npm start` has one database, and the server looks after each from time to time.
    await context.dropFilled();
    const config = readConfig({});
    return await context.withDatabase(async (database) => {
      await worker.start(database.url, config.maxConcurrentExecutions);
      await sleep(SETTLE_MS);
      const before = await look(context, worker, database);
      await sleep(WATCHED_SECONDS * 1000);
      const after = await look(context, worker, database);
      await worker.stop();
      const perSecond = (after.transactions - before.transactions) / WATCHED_SECONDS;
      const cpu = (after.cpuSeconds - before.cpuSeconds) / WATCHED_SECONDS;
      return {
        transactions: onlyOurs(perSecond * config.schedulerIntervalSeconds),
        cpu: onlyOurs(100 * cpu),
      };
    });
  },
};

async function look(context: BenchContext, worker: BenchWorker, { name }: BenchDatabase) {
  return {
    transactions: await context.server.countTransactions(name),
    cpuSeconds: context.server.cpuSeconds() + worker.cpuSeconds(),
  };
}
