import { readConfig } from "@/lib/config";
import { Worker } from "@/worker/worker";
import { claimByHand } from "./ceilings/claim-by-hand";
import type { BenchAnswer, BenchRequest } from "./messages";
import { type Moment, NoOpRunner } from "./no-op-runner";

// A worker process of the benchmark: the product's worker with its default configuration and a runner that does nothing.
// The process outlives its workers, so that what is measured is a worker whose code has run before.

type Activity = { takeMoments: () => Moment[]; stop: () => Promise<void> };

let activity: Activity | null = null;

process.on("message", (request: BenchRequest) => {
  answer(request)
    .then((moments): BenchAnswer => ({ moments }))
    .catch((error: unknown): BenchAnswer => ({ error: String(error) }))
    .then((reply) => process.send?.(reply))
    .catch(() => process.exit(1));
});
// The benchmark has ended, however it did.
process.on("disconnect", () => process.exit(0));

async function answer(request: BenchRequest): Promise<Moment[]> {
  if (request.kind === "start") activity = await startWorker(request);
  if (request.kind === "claim by hand") activity = await claimByHand(request);
  const moments = activity?.takeMoments() ?? [];
  if (request.kind === "stop") {
    await activity?.stop();
    activity = null;
  }
  return moments;
}

async function startWorker(request: {
  databaseUrl: string;
  maxConcurrentExecutions: number;
}): Promise<Activity> {
  const { databaseUrl, maxConcurrentExecutions } = request;
  const runner = new NoOpRunner();
  const config = { ...readConfig({}), maxConcurrentExecutions };
  const worker = new Worker({ databaseUrl, runner, config });
  await worker.start();
  return { takeMoments: () => runner.takeMoments(), stop: () => worker.stop({ now: false }) };
}
