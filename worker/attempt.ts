import type { Logger } from "pino";
import type { Pipeline } from "@/lib/domain/pipeline";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import type { Hooks } from "@/lib/engine/hooks";
import type { AttemptControl } from "./attempt-control";
import type { WorkerMetrics } from "./metrics";
import type { Recorder } from "./recorder";
import type { Runner, RunRequest } from "./runners/runner";
import type { WorkerDatabase } from "./worker-database";

/** What all attempts of a worker have in common. */
export type RunContext = {
  database: WorkerDatabase;
  recorder: Recorder;
  runner: Runner;
  hooks: Hooks;
  secrets: Readonly<Record<string, string>>;
  graceMs: number;
  log: Logger;
  metrics: WorkerMetrics | null;
  traceparentOf: TraceparentOf | null;
};

/** The trace context of an attempt, as W3C writes it. */
export type TraceparentOf = (attempt: ClaimedExecution) => string;

/** An attempt at work, and what belongs to it. */
export class Attempt {
  readonly context: RunContext;
  readonly claimed: ClaimedExecution;
  readonly control: AttemptControl;
  /** The moment, on the clock that no one sets, at which the execution was ready and due. */
  readonly waitingSince: number;
  readonly traceparent: string | null;
  #log: Logger | null = null;

  constructor(context: RunContext, claimed: ClaimedExecution, control: AttemptControl) {
    this.context = context;
    this.claimed = claimed;
    this.control = control;
    this.waitingSince = performance.now() - claimed.waitedMs;
    this.traceparent = context.traceparentOf?.(claimed) ?? null;
  }

  /** Names the attempt on each line; made when there is something to say. */
  get log(): Logger {
    this.#log ??= this.context.log.child(namesOf(this.claimed));
    return this.#log;
  }
}

/** What a runner is handed. Signals and log take longer to make than all else, so they are made when it asks for them. */
export class AttemptRequest implements RunRequest {
  readonly executionId: string;
  readonly attempt: number;
  readonly pipeline: Pipeline;
  readonly graceMs: number;
  readonly traceparent: string | null;
  readonly onStarted: RunRequest["onStarted"];
  readonly onOutput: RunRequest["onOutput"];
  readonly #attempt: Attempt;

  constructor(
    attempt: Attempt,
    pipeline: Pipeline,
    { onStarted, onOutput }: Pick<RunRequest, "onStarted" | "onOutput">,
  ) {
    this.executionId = attempt.claimed.executionId;
    this.attempt = attempt.claimed.attempt;
    this.pipeline = pipeline;
    this.graceMs = attempt.context.graceMs;
    this.traceparent = attempt.traceparent;
    this.onStarted = onStarted;
    this.onOutput = onOutput;
    this.#attempt = attempt;
  }

  get signal(): AbortSignal {
    return this.#attempt.control.signal;
  }

  get killSignal(): AbortSignal {
    return this.#attempt.control.killSignal;
  }

  get log(): Logger {
    return this.#attempt.log;
  }
}

/** What names an attempt on the lines of a log. */
export function namesOf({ executionId, runId, attempt }: AttemptNames): AttemptNames {
  return { executionId, runId, attempt };
}

type AttemptNames = { executionId: string; runId: string; attempt: number };
