import type { AttemptEnd } from "@/lib/domain/ending";
import { EngineError } from "@/lib/domain/errors";
import type { Failure } from "@/lib/domain/failure";
import type { Pipeline } from "@/lib/domain/pipeline";
import type { TaskOutputs } from "@/lib/domain/references";
import { toPipeline } from "@/lib/domain/to-pipeline";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { findOutputs } from "@/lib/engine/find-outputs";
import type { HookContext, HookOutcome } from "@/lib/engine/hooks";
import { Attempt, AttemptRequest, namesOf, type RunContext } from "./attempt";
import type { AttemptControl } from "./attempt-control";
import { describeEnd } from "./describe-end";
import { LogWriter } from "./log-writer";
import { readWorkflow } from "./read-workflow";
import type { ReportResult } from "./recorder";

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
  control.startTimeout(claimed.timeoutMs);
  const attempt = new Attempt(context, claimed, control);
  const end = await perform(attempt).catch((error: unknown) => {
    attempt.log.error({ error }, "attempt broke");
    return failure(
      "infrastructure",
      "The worker could not run the attempt; its log has the reason.",
    );
  });
  control.dispose();
  if (control.reason === "fence") {
    attempt.log.warn("attempt FENCED");
    context.metrics?.fenced();
    await callPostHooks(context, claimed, LOST);
    return "lost";
  }
  return recordEnd(context, claimed, end);
}

const LOST: HookOutcome = { outcome: "lost", message: "The worker no longer holds the attempt." };

/** Records how an attempt ended, also one that never began, and tells the hooks. */
export async function recordEnd(
  context: Pick<RunContext, "recorder" | "hooks" | "log" | "metrics">,
  claimed: ClaimedExecution,
  end: AttemptEnd,
): Promise<ReportResult> {
  const answer = await context.recorder.ended(claimed, end);
  context.log.info({ ...namesOf(claimed), end: end.kind, answer }, "attempt ended");
  if (answer === "lost") context.metrics?.fenced();
  if (context.hooks.hasPostExecution) {
    const message = end.kind === "failed" ? end.failure.message : null;
    await callPostHooks(
      context,
      claimed,
      answer === "lost" ? LOST : { outcome: end.kind, message },
    );
  }
  return answer;
}

/** Tells the hooks how an attempt ended. Never rejects: what a hook throws is logged and changes nothing. */
export async function callPostHooks(
  { hooks, log }: Pick<RunContext, "hooks" | "log">,
  attempt: HookContext,
  ended: HookOutcome,
): Promise<void> {
  if (!hooks.hasPostExecution) return;
  const errors = await hooks.runPostExecution({ ...toHookContext(attempt), ...ended });
  for (const error of errors)
    log.warn({ ...namesOf(attempt), error }, "post-execution hook failed");
}

/** What hooks are told, and nothing of the lease that goes with it. */
function toHookContext(attempt: HookContext): HookContext {
  const { executionId, runId, projectId, taskKey, taskName, attempt: number, metadata } = attempt;
  return { executionId, runId, projectId, taskKey, taskName, attempt: number, metadata };
}

async function perform(attempt: Attempt): Promise<AttemptEnd> {
  if (attempt.context.hooks.hasPreExecution) {
    const refusal = await runPreHooks(attempt);
    if (refusal) return refusal;
  }
  const prepared = await preparePipeline(attempt);
  return "end" in prepared ? prepared.end : runPipeline(attempt, prepared.pipeline);
}

/** Stored params are checked once more, since a bad row must end this execution and nothing else. */
async function preparePipeline(
  attempt: Attempt,
): Promise<{ pipeline: Pipeline } | { end: AttemptEnd }> {
  const { context, claimed } = attempt;
  try {
    const { workflow, taskKeys } = readWorkflow(claimed);
    const outputs = taskKeys.length > 0 ? await findTaskOutputs(attempt, taskKeys) : noOutputs;
    const { secrets } = context;
    return { pipeline: toPipeline(workflow, { outputs, secrets, env: variablesOf(attempt) }) };
  } catch (error) {
    if (error instanceof EngineError) return { end: failure("invalid", error.message) };
    throw error;
  }
}

const noOutputs: TaskOutputs = new Map();

function findTaskOutputs(
  { context, claimed: { runId } }: Attempt,
  taskKeys: readonly string[],
): Promise<TaskOutputs> {
  return context.database.run((db) => findOutputs(db, { runId, taskKeys }));
}

/** The variables that every step of an attempt has. */
function variablesOf({ claimed, traceparent }: Attempt): Record<string, string> {
  const variables: Record<string, string> = {
    DAGLINE_EXECUTION_ID: claimed.executionId,
    DAGLINE_RUN_ID: claimed.runId,
    DAGLINE_TASK_KEY: claimed.taskKey,
    DAGLINE_ATTEMPT: String(claimed.attempt),
  };
  if (traceparent) variables.TRACEPARENT = traceparent;
  if (claimed.scheduledFor !== null) variables.DAGLINE_SCHEDULED_FOR = claimed.scheduledFor;
  return variables;
}

/** A veto is permanent; a hook that fails is no fault of the task and uses up none of its retries. */
async function runPreHooks({ context, claimed, control }: Attempt): Promise<AttemptEnd | null> {
  const { hooks, runner } = context;
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

async function runPipeline(attempt: Attempt, pipeline: Pipeline): Promise<AttemptEnd> {
  const { claimed, control } = attempt;
  const { database, recorder, runner, metrics } = attempt.context;
  const secrets = Object.values(pipeline.secrets);
  const output = new LogWriter({ database, attempt, secrets, metrics });
  let startedAt = performance.now();
  const request = new AttemptRequest(attempt, pipeline, {
    onStarted: () => {
      startedAt = performance.now();
      metrics?.started(startedAt - attempt.waitingSince);
      void recorder.started(claimed).then((answer) => {
        if (answer === "lost") control.stop("fence", { force: true });
      });
    },
    onOutput: (stream, chunk) => output.write(stream, chunk),
  });
  try {
    const outcome = await runner.run(request);
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
