import { setTimeout as sleep } from "node:timers/promises";
import { readConfig } from "@/lib/config";
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
      const cpu = await countPerSecond(() => context.server.cpuSeconds() + worker.cpuSeconds());
      const { name } = database;
      const transactions = await context.server.withoutAutovacuum(() =>
        countPerSecond(() => context.server.countTransactions(name)),
      );
      await worker.stop();
      return {
        transactions: onlyOurs(transactions * config.schedulerIntervalSeconds),
        cpu: onlyOurs(100 * cpu),
      };
    });
  },
};

/** By how much a counter goes up. */
async function countPerSecond(read: () => number | Promise<number>): Promise<number> {
  const before = await read();
  await sleep(WATCHED_SECONDS * 1000);
  return ((await read()) - before) / WATCHED_SECONDS;
}
