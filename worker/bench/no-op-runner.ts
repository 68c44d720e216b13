import type { Runner, RunOutcome, RunRequest } from "@/worker/runners/runner";
import { sharedNow } from "./figures";

/** When the runner was called for an execution and when it answered, on the clock that all processes share. */
export type Moment = { executionId: string; startedAt: number; endedAt: number };

export const BENCH_ENGINE = "process@bench";

/** Does nothing and says that it went well. It exists for the benchmark alone: the product cannot choose it. */
export class NoOpRunner implements Runner {
  readonly kind = "process";
  readonly engine = BENCH_ENGINE;
  readonly description = "Does nothing: the runner of the benchmark.";
  #moments: Moment[] = [];

  async run(request: RunRequest): Promise<RunOutcome> {
    const startedAt = sharedNow();
    request.onStarted();
    const { executionId } = request;
    this.#moments.push({ executionId, startedAt, endedAt: sharedNow() });
    return { kind: "exited", exitCode: 0, signal: null, output: null, imageDigest: null };
  }

  /** The moments since the last call. */
  takeMoments(): Moment[] {
    const moments = this.#moments;
    this.#moments = [];
    return moments;
  }

  async close(): Promise<void> {}
}
