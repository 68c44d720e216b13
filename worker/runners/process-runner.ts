import { dirname } from "node:path";
import type { Logger } from "pino";
import { findHostVariableProblem } from "@/lib/domain/environment";
import type { PipelineStep } from "@/lib/domain/pipeline";
import { log as rootLog } from "@/lib/log";
import { nameHostEngine } from "./engine-name";
import type { Ending, Launched, Launcher } from "./process/launcher";
import { findProgram, SYSTEM_PATH } from "./process/launcher";
import { openOutputPipes } from "./process/output-pipes";
import { findNamespaceLauncher } from "./process/pid-namespace";
import { groupLauncher } from "./process/process-group";
import { toFailure, WorkRefused } from "./process/start-failure";
import { outputMark, readTaskOutput } from "./process/task-output";
import { enterWorkdir, openWorkFolders, type WorkFolder } from "./process/work-folders";
import type { Runner, RunOutcome, RunRequest } from "./runner";

export type ProcessRunnerOptions = {
  /** Work folders are made below it. */
  dataDir: string;
  /** Where programs are looked up; the system's folders and the one of this Node by default. */
  path?: string;
  /** `auto` takes process namespaces where they work. */
  isolation?: "auto" | "group";
  log?: Logger;
};

/**
 * A runner that performs pipelines as processes of this machine: no image, no container, each step started without a shell
 * in a folder that is removed afterwards.
 */
export async function createProcessRunner(options: ProcessRunnerOptions): Promise<Runner> {
  const { dataDir, path = `${SYSTEM_PATH}:${dirname(process.execPath)}` } = options;
  const namespaces = options.isolation === "group" ? null : await findNamespaceLauncher();
  const launcher = namespaces ?? groupLauncher;
  const folders = await openWorkFolders(dataDir, options.log ?? rootLog);

  return {
    kind: "process",
    engine: nameHostEngine("process"),
    description: `Commands run as processes of this machine, with the rights of the worker's user and without containers. ${launcher.sentence}`,
    run: async (request) => {
      if (request.signal.aborted) return { kind: "stopped" };
      try {
        checkVariables(request);
        const folder = await folders.create(`${request.executionId}-${request.attempt}`);
        try {
          return await perform({ request, folder, launcher, path });
        } finally {
          await folders.remove(folder, request.log);
        }
      } catch (error) {
        return toFailure(error);
      }
    },
    close: folders.close,
  };
}

type Attempt = { request: RunRequest; folder: WorkFolder; launcher: Launcher; path: string };

function checkVariables({ pipeline }: RunRequest): void {
  const names = [pipeline.secrets, ...pipeline.steps.map((step) => step.env)].flatMap(Object.keys);
  for (const name of names) {
    const problem = findHostVariableProblem(name);
    if (problem) throw new WorkRefused("invalid", problem);
  }
}

async function perform(attempt: Attempt): Promise<RunOutcome> {
  const { request, folder } = attempt;
  const pipes = await openOutputPipes(folder.path, request.onOutput);
  let ending: Ending | null;
  try {
    ending = await performSteps(attempt, pipes);
  } finally {
    await pipes.close();
  }
  if (!ending) return { kind: "stopped" };
  const output = await readTaskOutput(folder.output);
  return { kind: "exited", ...ending, output, imageDigest: null };
}

/** How the last step that ran has ended; null when the attempt was stopped. */
async function performSteps(
  attempt: Attempt,
  pipes: { stdout: number; stderr: number },
): Promise<Ending | null> {
  const { request, launcher } = attempt;
  let ending: Ending = { exitCode: 0, signal: null };
  for (const [index, step] of request.pipeline.steps.entries()) {
    const command = await prepare(attempt, step);
    if (request.signal.aborted) return null;
    const launched = await launcher.launch({
      ...command,
      stdout: pipes.stdout,
      stderr: pipes.stderr,
      signal: request.signal,
    });
    if (!launched) return null;
    if (index === 0) request.onStarted();
    ending = await watch(request, launched);
    if (request.signal.aborted) return null;
    if (ending.exitCode !== 0) break;
  }
  return ending;
}

async function prepare({ request, folder, path }: Attempt, step: PipelineStep) {
  const cwd = await enterWorkdir(folder.work, step.workdir);
  if (cwd === null) {
    const message = `The working directory ${JSON.stringify(step.workdir)} is not inside the attempt's own folder; use a path below it, such as "build".`;
    throw new WorkRefused("invalid", message);
  }
  const [program = ""] = step.command;
  if (!(await findProgram(program, path, cwd))) throw notFound(program, path);
  const fixed = { PATH: path, HOME: folder.work, TMPDIR: folder.work, TASK_OUTPUT: folder.output };
  const env = { ...fixed, ...step.env, ...request.pipeline.secrets };
  return { argv: step.command, env, cwd, mark: outputMark(folder.output) };
}

function notFound(program: string, path: string): WorkRefused {
  const message = program.includes("/")
    ? `The program "${program}" is not an executable file in the attempt's folder or on this machine; correct the command.`
    : `The program "${program}" was not found on this machine; install it in one of ${path}, or correct the command.`;
  return new WorkRefused("command_not_found", message);
}

/** Waits for a command, ends it when the attempt is stopped, and lets nothing of it survive. */
async function watch(request: RunRequest, launched: Launched): Promise<Ending> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    launched.askToEnd();
    timer = setTimeout(() => void launched.destroy(), request.graceMs);
  };
  when(request.killSignal, over.signal, () => void launched.destroy());
  when(request.signal, over.signal, stop);

  const ending = await launched.ended;
  over.abort();
  clearTimeout(timer);
  await launched.destroy();
  return ending;
}

/** Calls `act` when `signal` is aborted, also when it already is; not after `over`. */
function when(signal: AbortSignal, over: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true, signal: over });
}
