import type { Logger } from "pino";
import type { AttemptEnd } from "@/lib/domain/ending";
import { EngineError } from "@/lib/domain/errors";
import type { Failure } from "@/lib/domain/failure";
import type { Pipeline } from "@/lib/domain/pipeline";
import { findReferencedTasks, parseWorkflow, toPipeline } from "@/lib/domain/to-pipeline";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { findOutputs } from "@/lib/engine/find-outputs";
import type { Hooks } from "@/lib/engine/hooks";
import type { AttemptControl } from "./attempt-control";
import { describeEnd } from "./describe-end";
import { LogWriter } from "./log-writer";
import type { Recorder } from "./recorder";
import type { Runner } from "./runners/runner";
import type { WorkerDatabase } from "./worker-database";

export type RunContext = {
  database: WorkerDatabase;
  recorder: Recorder;
  runner: Runner;
  hooks: Hooks;
  secrets: Readonly<Record<string, string>>;
  graceMs: number;
  log: Logger;
};

/**
 * One attempt, from its claim to its recorded end. Never rejects: whatever goes wrong within becomes the end of this
 * attempt alone.
 */
export async function runExecution(
  context: RunContext,
  claimed: ClaimedExecution,
  control: AttemptControl,
): Promise<void> {
  const log = context.log.child({
    executionId: claimed.executionId,
    runId: claimed.runId,
    attempt: claimed.attempt,
  });
  control.startTimeout(claimed.timeoutMs);
  const end = await perform({ ...context, log }, claimed, control).catch((error: unknown) => {
    log.error({ error }, "attempt broke");
    return failure(
      "infrastructure",
      "The worker could not run the attempt; its log has the reason.",
    );
  });
  control.dispose();
  if (control.reason === "fence") {
    log.warn("attempt FENCED");
    return;
  }
  const answer = await context.recorder.ended(claimed, end);
  log.info({ end: end.kind, answer }, "attempt ended");
  const outcome = answer === "lost" ? "lost" : end.kind;
  const message = end.kind === "failed" ? end.failure.message : null;
  const errors = await context.hooks.runPostExecution({ ...claimed, outcome, message });
  for (const error of errors) log.warn({ error }, "post-execution hook failed");
}

async function perform(
  context: RunContext,
  claimed: ClaimedExecution,
  control: AttemptControl,
): Promise<AttemptEnd> {
  const veto = await runPreHooks(context.hooks, claimed);
  if (veto) return veto;
  const prepared = await preparePipeline(context, claimed);
  if ("end" in prepared) return prepared.end;
  return runPipeline(context, { claimed, control, pipeline: prepared.pipeline });
}

async function runPreHooks(hooks: Hooks, claimed: ClaimedExecution): Promise<AttemptEnd | null> {
  const result = await hooks.runPreExecution(claimed);
  if (result.kind === "vetoed")
    return failure("invalid", `A hook vetoed the attempt: ${result.reason}`);
  if (result.kind === "failed")
    return failure("infrastructure", `A pre-execution hook failed: ${result.message}`);
  return null;
}

/** Stored params are checked once more, since a bad row must end this execution and nothing else. */
async function preparePipeline(
  { database, secrets }: RunContext,
  claimed: ClaimedExecution,
): Promise<{ pipeline: Pipeline } | { end: AttemptEnd }> {
  try {
    const workflow = parseWorkflow(claimed);
    const taskKeys = findReferencedTasks(workflow);
    const outputs = await database.run((db) => findOutputs(db, { runId: claimed.runId, taskKeys }));
    const env = {
      DAGLINE_EXECUTION_ID: claimed.executionId,
      DAGLINE_RUN_ID: claimed.runId,
      DAGLINE_TASK_KEY: claimed.taskKey,
      DAGLINE_ATTEMPT: String(claimed.attempt),
    };
    return { pipeline: toPipeline(workflow, { outputs, secrets, env }) };
  } catch (error) {
    if (error instanceof EngineError) return { end: failure("invalid", error.message) };
    throw error;
  }
}

async function runPipeline(
  context: RunContext,
  {
    claimed,
    control,
    pipeline,
  }: { claimed: ClaimedExecution; control: AttemptControl; pipeline: Pipeline },
): Promise<AttemptEnd> {
  const { database, recorder, runner, graceMs, log } = context;
  const secrets = Object.values(pipeline.secrets);
  const output = new LogWriter({ database, target: claimed, secrets, log });
  let startedAt = performance.now();
  try {
    const outcome = await runner.run({
      executionId: claimed.executionId,
      attempt: claimed.attempt,
      pipeline,
      signal: control.signal,
      killSignal: control.killSignal,
      graceMs,
      onStarted: () => {
        startedAt = performance.now();
        void recorder.started(claimed).then((answer) => {
          if (answer === "lost") control.stop("fence", { force: true });
        });
      },
      onOutput: (stream, chunk) => output.write(stream, chunk),
    });
    return describeEnd({
      outcome,
      stopReason: control.reason,
      timeoutSeconds: claimed.timeoutMs / 1000,
      durationMs: Math.round(performance.now() - startedAt),
      runner: runner.kind,
      lastLines: () => output.lastLines(5),
      secrets,
    });
  } finally {
    await output.finish();
  }
}

function failure(errorClass: Failure["class"], message: string): AttemptEnd {
  return { kind: "failed", failure: { class: errorClass, message, exitCode: null, signal: null } };
}
