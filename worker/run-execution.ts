import type { Logger } from "pino";
import type { AttemptEnd } from "@/lib/domain/ending";
import { EngineError } from "@/lib/domain/errors";
import type { Failure } from "@/lib/domain/failure";
import type { Pipeline } from "@/lib/domain/pipeline";
import { findReferencedTasks, parseWorkflow, toPipeline } from "@/lib/domain/to-pipeline";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { findOutputs } from "@/lib/engine/find-outputs";
import type { HookContext, HookOutcome, Hooks } from "@/lib/engine/hooks";
import type { AttemptControl } from "./attempt-control";
import { describeEnd } from "./describe-end";
import { LogWriter } from "./log-writer";
import type { WorkerMetrics } from "./metrics";
import type { Recorder, ReportResult } from "./recorder";
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
  metrics: WorkerMetrics | null;
  traceparentOf: TraceparentOf | null;
};

/** The trace context of an attempt, as W3C writes it. */
export type TraceparentOf = (attempt: ClaimedExecution) => string;

/** What is kept of the words of a hook. */
const MAX_WORDS = 8000;

/**
 * One attempt, from its claim to its recorded end; `lost` when that could not be recorded. Never rejects: whatever goes
 * wrong within becomes the end of this attempt alone.
 */
export async function runExecution(
  context: RunContext,
  claimed: ClaimedExecution,
  control: AttemptControl,
): Promise<ReportResult> {
  const log = logAbout(context.log, claimed);
  control.startTimeout(claimed.timeoutMs);
  const waitingSince = performance.now() - claimed.waitedMs;
  const traceparent = context.traceparentOf?.(claimed) ?? null;
  const attempt = { ...context, log, waitingSince, traceparent };
  const end = await perform(attempt, claimed, control).catch((error: unknown) => {
    log.error({ error }, "attempt broke");
    return failure(
      "infrastructure",
      "The worker could not run the attempt; its log has the reason.",
    );
  });
  control.dispose();
  if (control.reason === "fence") {
    log.warn("attempt FENCED");
    context.metrics?.fenced();
    await callPostHooks(attempt, claimed, LOST);
    return "lost";
  }
  return await recordEnd(attempt, claimed, end);
}

/** A log whose lines name an attempt. */
export function logAbout(
  log: Logger,
  { executionId, runId, attempt }: { executionId: string; runId: string; attempt: number },
): Logger {
  return log.child({ executionId, runId, attempt });
}

const LOST: HookOutcome = { outcome: "lost", message: "The worker no longer holds the attempt." };

/** Records how an attempt ended, also one that never began, and tells the hooks. */
export async function recordEnd(
  context: Pick<RunContext, "recorder" | "hooks" | "log" | "metrics">,
  claimed: ClaimedExecution,
  end: AttemptEnd,
): Promise<ReportResult> {
  const answer = await context.recorder.ended(claimed, end);
  context.log.info({ end: end.kind, answer }, "attempt ended");
  if (answer === "lost") context.metrics?.fenced();
  const message = end.kind === "failed" ? end.failure.message : null;
  await callPostHooks(context, claimed, answer === "lost" ? LOST : { outcome: end.kind, message });
  return answer;
}

/** Tells the hooks how an attempt ended. Never rejects: what a hook throws is logged and changes nothing. */
export async function callPostHooks(
  { hooks, log }: Pick<RunContext, "hooks" | "log">,
  attempt: HookContext,
  ended: HookOutcome,
): Promise<void> {
  const errors = await hooks.runPostExecution({ ...toHookContext(attempt), ...ended });
  for (const error of errors) log.warn({ error }, "post-execution hook failed");
}

/** What hooks are told, and nothing of the lease that goes with it. */
function toHookContext(attempt: HookContext): HookContext {
  const { executionId, runId, projectId, taskKey, taskName, attempt: number, metadata } = attempt;
  return { executionId, runId, projectId, taskKey, taskName, attempt: number, metadata };
}

/** `waitingSince` is the moment, on the clock that no one sets, at which the execution was ready and due. */
type AttemptContext = RunContext & { waitingSince: number; traceparent: string | null };

async function perform(
  context: AttemptContext,
  claimed: ClaimedExecution,
  control: AttemptControl,
): Promise<AttemptEnd> {
  const refusal = await runPreHooks(context, claimed, control);
  if (refusal) return refusal;
  const prepared = await preparePipeline(context, claimed);
  if ("end" in prepared) return prepared.end;
  return runPipeline(context, { claimed, control, pipeline: prepared.pipeline });
}

/** A veto is permanent; a hook that fails is no fault of the task and uses up none of its retries. */
async function runPreHooks(
  { hooks, runner }: RunContext,
  claimed: ClaimedExecution,
  control: AttemptControl,
): Promise<AttemptEnd | null> {
  const result = await hooks.runPreExecution(toHookContext(claimed), control.signal);
  switch (result.kind) {
    case "passed":
      return null;
    case "vetoed":
      return failure("invalid", `A hook vetoed the attempt: ${result.reason}`.slice(0, MAX_WORDS));
    case "failed":
      return failure(
        "infrastructure",
        `A pre-execution hook failed: ${result.message}`.slice(0, MAX_WORDS),
      );
    case "stopped":
      return describeEnd({
        outcome: { kind: "stopped" },
        stopReason: control.reason,
        timeoutSeconds: claimed.timeoutMs / 1000,
        durationMs: 0,
        runner: runner.kind,
        lastLines: () => [],
        secrets: [],
      });
  }
}

/** Stored params are checked once more, since a bad row must end this execution and nothing else. */
async function preparePipeline(
  { database, secrets, traceparent }: AttemptContext,
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
      ...(traceparent && { TRACEPARENT: traceparent }),
      ...(claimed.scheduledFor !== null && { DAGLINE_SCHEDULED_FOR: claimed.scheduledFor }),
    };
    return { pipeline: toPipeline(workflow, { outputs, secrets, env }) };
  } catch (error) {
    if (error instanceof EngineError) return { end: failure("invalid", error.message) };
    throw error;
  }
}

async function runPipeline(
  context: AttemptContext,
  {
    claimed,
    control,
    pipeline,
  }: { claimed: ClaimedExecution; control: AttemptControl; pipeline: Pipeline },
): Promise<AttemptEnd> {
  const { database, recorder, runner, graceMs, log, metrics, waitingSince, traceparent } = context;
  const secrets = Object.values(pipeline.secrets);
  const output = new LogWriter({ database, target: claimed, secrets, log, metrics });
  let startedAt = performance.now();
  try {
    const outcome = await runner.run({
      executionId: claimed.executionId,
      attempt: claimed.attempt,
      pipeline,
      signal: control.signal,
      killSignal: control.killSignal,
      graceMs,
      log,
      traceparent,
      onStarted: () => {
        startedAt = performance.now();
        metrics?.started(startedAt - waitingSince);
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
