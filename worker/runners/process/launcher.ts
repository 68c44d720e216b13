import type { ChildProcess, StdioOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";

/** One command, ready to be started. */
export type Command = {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  /** Descriptors its output goes to. */
  stdout: number | "ignore";
  stderr: number | "ignore";
  /** A line of `env` that no other attempt has; descendants are recognised by it. */
  mark: string;
  /** A command that is to stop before it has started is not started. */
  signal: AbortSignal;
};

export type Ending = { exitCode: number | null; signal: string | null };

export type Launched = {
  /** How the command itself ended; others that it started may still be alive. */
  ended: Promise<Ending>;
  /** Sends SIGTERM to the command and what it started. */
  askToEnd: () => void;
  /** Kills whatever is left and resolves when nothing is. */
  destroy: () => Promise<void>;
};

/** A way to start commands on this machine. */
export type Launcher = {
  /** What operators should know about it, as a sentence. */
  sentence: string;
  /** Null when the command was told to stop while it was being started. */
  launch: (command: Command) => Promise<Launched | null>;
};

export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type StartOptions = { cwd: string; env: Record<string, string>; stdio: StdioOptions };

/** Starts a program in a session of its own; rejects when it cannot be started. */
export async function startProcess(
  [file = "", ...args]: string[],
  options: StartOptions,
): Promise<{ child: ChildProcess; ended: Promise<Ending> }> {
  // Next.js declares NODE_ENV as part of every environment; what a command sees is nobody else's to say.
  const env = options.env as NodeJS.ProcessEnv;
  const child = spawn(file, args, { ...options, env, detached: true });
  const ended = new Promise<Ending>((settle) => {
    child.once("exit", (exitCode, signal) => settle({ exitCode, signal }));
  });
  await new Promise<void>((settle, fail) => {
    child.once("spawn", settle);
    child.once("error", fail);
  });
  return { child, ended };
}

/** Where a program lies, as `execvp` would find it; null when there is none that can be executed. */
export async function findProgram(name: string, path: string, cwd: string): Promise<string | null> {
  const folders = name.includes("/") ? [cwd] : path.split(":");
  for (const folder of folders) {
    const file = resolve(cwd, folder, name);
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
