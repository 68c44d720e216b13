import { randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { cp, mkdir, readFile } from "node:fs/promises";
import { constants } from "node:os";
import path from "node:path";
import { findProgram, type Launcher, SYSTEM_PATH } from "@/worker/runners/process/launcher";
import { openOutputPipes } from "@/worker/runners/process/output-pipes";
import type { OutputStream } from "@/worker/runners/runner";
import type { LogStore } from "./log-store";
import { type Container, type Exec, StandInError } from "./objects";

export type ExecuteOptions = {
  container: Container;
  args: string[];
  /** Values of secrets by name. */
  secrets: Map<string, string>;
  folder: string;
  launcher: Launcher;
  /** Where what the command prints is recorded; null when the request has no trace. */
  logs: { store: LogStore; traceId: string } | null;
  signal: AbortSignal;
};

/**
 * Really runs a command on this machine. The container's own file system is this machine's, except for what is mounted:
 * paths below a mount are replaced by where its copy lies, in the working directory and in variables.
 */
export async function execute(options: ExecuteOptions): Promise<Container> {
  const { container, args, folder } = options;
  const scratch = path.join(folder, randomUUID());
  await mkdir(scratch, { recursive: true });
  const mounts = await copyMounts(container, scratch);
  const cwd = toHostPath(container.workdir, mounts);
  const exec = await run(options, { cwd, env: toHostEnv(options, mounts), scratch });
  if (exec.exitCode >= 128 && exec.exitCode < 192) throw await toExecError(args, exec);
  return { ...container, mounts, exec };
}

type Mounts = Container["mounts"];

async function copyMounts(container: Container, scratch: string): Promise<Mounts> {
  const entries = Object.entries(container.mounts).map(async ([target, directory], i) => {
    const folder = path.join(scratch, `mount-${i}`);
    await mkdir(folder);
    if (directory.folder !== null) await cp(directory.folder, folder, { recursive: true });
    return [target, { ...directory, folder }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Where a path of the container lies on this machine. */
export function toHostPath(file: string, mounts: Mounts): string {
  for (const [target, { folder }] of Object.entries(mounts)) {
    const isInside = file === target || file.startsWith(`${target}/`);
    if (isInside && folder !== null) return path.join(folder, file.slice(target.length));
  }
  return file;
}

function toHostEnv({ container, secrets }: ExecuteOptions, mounts: Mounts): Record<string, string> {
  const env = Object.entries(container.env).map(([name, value]) => [
    name,
    toHostPath(value, mounts),
  ]);
  const hidden = Object.entries(container.secrets).map(([name, secret]) => {
    const value = secrets.get(secret.name);
    if (value === undefined) throw new StandInError(`secret ${secret.name} not found`);
    return [name, value];
  });
  return { PATH: SYSTEM_PATH, ...Object.fromEntries([...env, ...hidden]) };
}

type Surroundings = { cwd: string; env: Record<string, string>; scratch: string };

async function run(options: ExecuteOptions, { cwd, env, scratch }: Surroundings): Promise<Exec> {
  const { args, logs, signal, launcher } = options;
  const files = {
    stdout: path.join(scratch, "stdout.txt"),
    stderr: path.join(scratch, "stderr.txt"),
  };
  const open = { stdout: openSync(files.stdout, "w"), stderr: openSync(files.stderr, "w") };
  const print = (stream: OutputStream, chunk: Uint8Array) => {
    writeSync(open[stream], chunk);
    logs?.store.write(logs.traceId, stream, chunk);
  };
  const program = args[0] ?? "";
  let exitCode = 1;
  if ((await findProgram(program, env.PATH ?? "", cwd)) === null) {
    print("stderr", Buffer.from(`${describeMissing(program)}\n`));
  } else {
    const pipes = await openOutputPipes(scratch, print);
    const command = { argv: args, env, cwd, stdout: pipes.stdout, stderr: pipes.stderr };
    const mark = `MARK=${randomUUID()}`;
    const launched = await launcher.launch({ ...command, mark, signal });
    const kill = () => void launched?.destroy();
    signal.addEventListener("abort", kill);
    if (signal.aborted) kill();
    const ending = (await launched?.ended) ?? { exitCode: null, signal: "SIGKILL" };
    signal.removeEventListener("abort", kill);
    await launched?.destroy();
    await pipes.close();
    exitCode = ending.exitCode ?? 128 + signalNumber(ending.signal);
  }
  for (const stream of ["stdout", "stderr"] as const) {
    closeSync(open[stream]);
    logs?.store.end(logs.traceId, stream);
  }
  return { exitCode, output: files };
}

/** The words of the engine's init process. */
function describeMissing(program: string): string {
  if (program.includes("/")) return `fork/exec ${program}: no such file or directory`;
  return `exec: ${JSON.stringify(program)}: executable file not found in $PATH`;
}

function signalNumber(name: string | null): number {
  const found = Object.entries(constants.signals).find(([known]) => known === name);
  return found?.[1] ?? 0;
}

async function toExecError(cmd: string[], { exitCode, output }: Exec): Promise<StandInError> {
  const [stdout, stderr] = await Promise.all(
    [output.stdout, output.stderr].map(async (file) => (await readFile(file, "utf8")).trim()),
  );
  return new StandInError(`exit code: ${exitCode}`, {
    _type: "EXEC_ERROR",
    cmd,
    exitCode,
    stdout: stdout?.slice(-100 * 1024),
    stderr: stderr?.slice(-100 * 1024),
  });
}
