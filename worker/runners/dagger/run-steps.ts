import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client, Container, Directory } from "@dagger.io/dagger";
import { MAX_RESULT_BYTES } from "@/lib/domain/limits";
import type { PipelineStep } from "@/lib/domain/pipeline";
import type { OutputStream, RunOutcome, RunRequest } from "@/worker/runners/runner";
import { loadSdk, openClient } from "./client";
import { isAnswerTooLarge } from "./http-fetch";
import type { LogRecord } from "./log-records";
import { findMissingCommand } from "./missing-command";
import type { DaggerSession } from "./session";
import { createStepOutput, type StepOutput } from "./step-output";
import { stepTrace } from "./step-trace";

/** Where the steps' shared file system is found in every container. */
export const SHARED_FOLDER = "/work";
const TASK_OUTPUT = `${SHARED_FOLDER}/.task-output`;
/** The engine's own default for new folders is 0644, which nobody but root can enter. */
const FOLDER_MODE = 0o755;

/** For how long a flood may be silent after its command has ended: the engine takes seconds to pack its next event. */
const FLOOD_SILENCE_MS = 30_000;
const STOPPED_OUTPUT_END_MS = 500;

type Exit = { exitCode: number; container: Container | null };

type PreparedStep = {
  step: PipelineStep;
  client: Client;
  image: Container;
  imageDigest: string | null;
  user: string;
  output: StepOutput;
};

export type StepsContext = {
  session: DaggerSession;
  request: RunRequest;
  signal: AbortSignal;
  /** For how long output may be silent after its command has ended; then the whole of it is read instead. */
  outputSilenceMs: number;
  /** Where records of a trace go while its step runs. */
  outputs: Map<string, StepOutput>;
};

/** Routes one live record to the step it belongs to. */
export function acceptRecord(outputs: StepsContext["outputs"], record: LogRecord): void {
  outputs.get(record.traceId)?.accept(record);
}

/** Pulls all images, then runs the steps one after the other; ends with the first whose exit code is not 0. */
export async function runSteps(context: StepsContext): Promise<RunOutcome> {
  const { request } = context;
  const steps = await Promise.all(request.pipeline.steps.map((step) => prepareStep(context, step)));
  request.onStarted();

  let shared: Directory | null = null;
  let outcome: RunOutcome | null = null;
  for (const prepared of steps) {
    const { exitCode, container } = await runStep(context, prepared, shared);
    const missing = findMissingCommand(
      prepared.step.command,
      exitCode,
      prepared.output.stderrStart(),
    );
    if (missing !== null)
      return { kind: "failed", errorClass: "command_not_found", message: missing };
    const output = container === null ? null : await readTaskOutput(container);
    outcome = { kind: "exited", exitCode, signal: null, output, imageDigest: prepared.imageDigest };
    if (exitCode !== 0 || container === null) break;
    shared = container.directory(SHARED_FOLDER);
  }
  if (outcome === null) throw new Error("A pipeline has at least one step.");
  return outcome;
}

/** Each step has a client and with it a trace of its own, so that its output cannot be taken for another step's. */
async function prepareStep(context: StepsContext, step: PipelineStep): Promise<PreparedStep> {
  if (step.image === null) throw new Error("A step of a container has an image.");
  const trace = stepTrace(context.request);
  const client = await openClient(context.session, { signal: context.signal, ...trace });
  const output = createStepOutput(context.request.onOutput);
  context.outputs.set(trace.traceId, output);
  const image = await client.container().from(step.image).sync();
  const [reference, user] = await Promise.all([image.imageRef(), image.user()]);
  return {
    step,
    client,
    image,
    imageDigest: /sha256:[0-9a-f]{64}$/.exec(reference)?.[0] ?? null,
    user,
    output,
  };
}

async function runStep(
  context: StepsContext,
  prepared: PreparedStep,
  shared: Directory | null,
): Promise<Exit> {
  const { ReturnType, ExecError } = await loadSdk();
  const configured = configureContainer(context, prepared, shared);
  try {
    const command = prepared.step.command;
    const container = await configured.withExec(command, { expect: ReturnType.Any }).sync();
    const exitCode = await container.exitCode();
    await completeOutput(context, prepared.output, container);
    return { exitCode, container };
  } catch (error) {
    // What it printed last is still on its way.
    if (context.signal.aborted) await outputEnded(prepared.output, STOPPED_OUTPUT_END_MS);
    // The engine answers exit codes from 128 to 191 as an error, and without the container; -1 is a command that never ran.
    if (!(error instanceof ExecError) || error.exitCode < 1) throw error;
    await outputSettled(context, prepared.output);
    prepared.output.fallBack("stdout", error.stdout);
    prepared.output.fallBack("stderr", error.stderr);
    return { exitCode: error.exitCode, container: null };
  }
}

function configureContainer(
  { request }: StepsContext,
  { step, client, image, user }: PreparedStep,
  shared: Directory | null,
): Container {
  const attempt = `${request.executionId}.${request.attempt}`;
  const folder = shared ?? client.directory();
  // Made here, because the engine would make it as root, where an image's own user could not write.
  const content =
    step.workdir === null
      ? folder
      : folder.withNewDirectory(step.workdir, { permissions: FOLDER_MODE });
  let container = image
    .withMountedDirectory(SHARED_FOLDER, content, user ? { owner: user } : {})
    .withWorkdir(path.posix.join(SHARED_FOLDER, step.workdir ?? ""))
    // Unique to the attempt: the engine would otherwise answer a retry from its cache, failures included.
    .withEnvVariable("DAGLINE_ATTEMPT", attempt)
    .withEnvVariable("TASK_OUTPUT", TASK_OUTPUT);
  for (const [name, value] of Object.entries(step.env))
    container = container.withEnvVariable(name, value);
  for (const [name, value] of Object.entries(request.pipeline.secrets)) {
    // A session knows secrets by name alone, and the last value wins.
    const secret = client.setSecret(`${attempt}.${name}`, value);
    container = container.withSecretVariable(name, secret);
  }
  return container;
}

async function completeOutput(
  context: StepsContext,
  output: StepOutput,
  container: Container,
): Promise<void> {
  await outputSettled(context, output);
  const whole = output.isCheckable() ? await readWhole(container) : null;
  if (whole === null)
    return outputSettled({ ...context, outputSilenceMs: FLOOD_SILENCE_MS }, output);
  output.complete("stdout", whole.stdout);
  output.complete("stderr", whole.stderr);
}

/** All that a command printed; null when that is more than we hold in memory. */
async function readWhole(container: Container): Promise<Record<OutputStream, string> | null> {
  try {
    const [stdout, stderr] = await Promise.all([container.stdout(), container.stderr()]);
    return { stdout, stderr };
  } catch (error) {
    if (isAnswerTooLarge(error)) return null;
    throw error;
  }
}

/** After a flood the log stream can be minutes behind its command: it is waited for as long as something comes. */
async function outputSettled(
  { signal, outputSilenceMs }: StepsContext,
  output: StepOutput,
): Promise<void> {
  let length = -1;
  while (length !== output.length() && !signal.aborted) {
    length = output.length();
    await outputEnded(output, output.isCheckable() ? outputSilenceMs : FLOOD_SILENCE_MS);
  }
}

async function outputEnded(output: StepOutput, limitMs: number): Promise<void> {
  const waiting = new AbortController();
  const limit = delay(limitMs, null, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([output.ended, limit]);
  waiting.abort();
}

async function readTaskOutput(container: Container): Promise<string | null> {
  const { ExistsType } = await loadSdk();
  if (!(await container.exists(TASK_OUTPUT, { expectedType: ExistsType.RegularType }))) return null;
  const file = container.file(TASK_OUTPUT);
  // Too large a file is refused for its length alone, so its content is not fetched.
  if ((await file.size()) > MAX_RESULT_BYTES) return " ".repeat(MAX_RESULT_BYTES + 1);
  return file.contents();
}
