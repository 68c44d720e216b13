import { scheduleTask } from "@/lib/engine/schedule-task";
import type { BenchWorker } from "@/worker/bench/bench-worker";
import { enqueueBare, installBare } from "@/worker/bench/ceilings/bare";
import { enqueueFull, installFull } from "@/worker/bench/ceilings/full";
import {
  type BenchContext,
  pauseBriefly,
  waitForMoments,
  waitForRuns,
} from "@/worker/bench/context";
import { percentile, sharedNow } from "@/worker/bench/figures";
import { createBenchProject } from "@/worker/bench/schedule";
import type { BenchDatabase } from "@/worker/bench/server";
import type { Figure, Workload } from "@/worker/bench/workload";

const actor = { type: "system", id: "bench" } as const;
/** The first ones open connections and prepare statements. */
const UNMEASURED = 10;

type Sample = { fromCall: number; fromCommit: number };

/** Schedules one execution; returns its id as the moments name it. */
type ScheduleOne = () => Promise<string>;

export const idleStart: Workload<"p50" | "p95" | "fromCommit"> = {
  id: "W2",
  rows: {
    p50: {
      title: "idle system, one execution, scheduled → started, p50",
      unit: "ms",
      must: { atMost: 3.5 },
      moonshot: { atMost: 2 },
    },
    p95: { title: "the same, p95", unit: "ms", must: { atMost: 10 }, moonshot: null },
    fromCommit: {
      title: "from the COMMIT's answer, p50",
      unit: "ms",
      must: null,
      moonshot: null,
    },
  },
  measure: async (context) => {
    const [worker] = await context.workers(1);
    if (!worker) throw new Error("There is no worker.");
    const ours = await measureOurs(context, worker);
    const bare = context.withCeilings ? await measureBare(context, worker) : null;
    const full = context.withCeilings ? await measureFull(context, worker) : null;
    const figure = (value: (samples: Sample[]) => number): Figure => ({
      ours: value(ours),
      bare: bare && value(bare),
      full: full && value(full),
    });
    return {
      p50: figure((samples) =>
        percentile(
          samples.map((s) => s.fromCall),
          0.5,
        ),
      ),
      p95: figure((samples) =>
        percentile(
          samples.map((s) => s.fromCall),
          0.95,
        ),
      ),
      fromCommit: figure((samples) =>
        percentile(
          samples.map((s) => s.fromCommit),
          0.5,
        ),
      ),
    };
  },
};

function measureOurs(context: BenchContext, worker: BenchWorker): Promise<Sample[]> {
  return context.withDatabase(async (database) => {
    const { db } = database;
    const [taskId = ""] = (await createBenchProject(db, 1)).taskIds;
    await worker.start(database.url, context.concurrency);
    const samples = await takeSamples(context, worker, async () => {
      const run = await scheduleTask(db, { taskId, overrides: {}, actor });
      return run.executions[0]?.executionId ?? "";
    });
    await waitForRuns(database);
    await worker.stop();
    await context.check(database, "one execution at a time");
    return samples;
  });
}

function measureFull(context: BenchContext, worker: BenchWorker): Promise<Sample[]> {
  return context.withDatabase(async (database) => {
    const [taskId = ""] = (await createBenchProject(database.db, 1)).taskIds;
    await installFull(database);
    const schedule = async () => `{${await enqueueFull(database, taskId)}}`;
    const samples = await sampleByHand(context, { worker, database, schedule });
    await database.sql`
      select bench_end(array_agg(id), array_agg(lease_token), 0) from executions where status = 'PREPARING'`;
    await context.check(database, "one execution at a time by hand");
    return samples;
  });
}

function measureBare(context: BenchContext, worker: BenchWorker): Promise<Sample[]> {
  return context.withDatabase(async (database) => {
    await installBare(database);
    const schedule = () => enqueueBare(database);
    return await sampleByHand(context, { worker, database, schedule });
  });
}

async function sampleByHand(
  context: BenchContext,
  options: { worker: BenchWorker; database: BenchDatabase; schedule: ScheduleOne },
): Promise<Sample[]> {
  const { worker, database, schedule } = options;
  await worker.claimByHand(database.url, "select ids::text as id from bench_claim(1)");
  const samples = await takeSamples(context, worker, schedule);
  await worker.stop();
  return samples;
}

async function takeSamples(
  context: BenchContext,
  worker: BenchWorker,
  schedule: ScheduleOne,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; i < UNMEASURED + (context.quick ? 50 : 200); i++) {
    const calledAt = sharedNow();
    const id = await schedule();
    const committedAt = sharedNow();
    // What follows the start is over before the next one, so that each finds the system idle.
    await pauseBriefly();
    const [moment] = await waitForMoments(worker, 1);
    if (moment?.executionId !== id)
      throw new Error(`Execution ${id} was not the one that started.`);
    const { startedAt } = moment;
    samples.push({ fromCall: startedAt - calledAt, fromCommit: startedAt - committedAt });
  }
  return samples.slice(UNMEASURED);
}
