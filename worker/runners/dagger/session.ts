import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { findProgram } from "@/worker/runners/process/launcher";
import { openDeadline } from "./deadline";
import { findUnreachable } from "./reach-engine";
import {
  dieWithParent,
  type SessionEnvironmentOptions,
  searchPath,
  sessionEnvironment,
} from "./session-environment";
import { keepTail, readFirstLine } from "./stream-ends";

export type SessionOptions = SessionEnvironmentOptions & {
  /** Path of the Dagger CLI. */
  cli: string;
  /** An empty folder outside of any git repository: the CLI would load what it finds there. */
  workdir: string;
  connectTimeoutMs: number;
  /** Milliseconds the CLI gets to end by itself before it is killed. */
  closeGraceMs: number;
};

/** A running `dagger session`: an HTTP server on this machine that speaks to one engine. */
export type DaggerSession = {
  port: number;
  token: string;
  /** Why the CLI has ended by itself, in words; null while it runs. */
  describeEnd(): string | null;
  /** Ends the session and with it all work in it; resolves when the CLI is gone. The grace may be cut short. */
  close(graceMs?: number): Promise<void>;
};

/** The CLI could not be started or did not reach an engine. The message is a sentence for people. */
export class DaggerSessionError extends Error {
  override name = "DaggerSessionError";
}

type Cli = ChildProcessWithoutNullStreams;

const connectLineSchema = z.object({
  port: z.int().min(1).max(65_535),
  session_token: z.string().min(1),
});

const SILENT_END = "it said nothing";

/** Starts the Dagger CLI and waits until it is connected to the engine. Throws a DaggerSessionError when it is not. */
export async function startSession(
  options: SessionOptions,
  signal: AbortSignal,
): Promise<DaggerSession> {
  signal.throwIfAborted();
  if ((await findProgram(options.cli, searchPath(), process.cwd())) === null)
    throw new DaggerSessionError(
      `There is no Dagger CLI "${options.cli}". Install it, or name it in DAGGER_CLI.`,
    );
  const unreachable = await findUnreachable(options.runnerHost, signal);
  if (unreachable !== null)
    throw new DaggerSessionError(
      `No Dagger engine answers at ${options.runnerHost} (${unreachable}).`,
    );
  signal.throwIfAborted();
  const child = await spawnCli(options);
  const stderr = keepTail(child.stderr);
  const end = watchEnd(child, stderr);
  try {
    const connection = await connect(child, options, signal);
    return {
      ...connection,
      describeEnd: end.describe,
      close: (graceMs = options.closeGraceMs) => close(child, graceMs, end),
    };
  } catch (error) {
    kill(child, "SIGKILL");
    await end.reached;
    if (signal.aborted) throw signal.reason;
    throw toSessionError(error, options, stderr());
  }
}

async function spawnCli(options: SessionOptions): Promise<Cli> {
  const label = "dagger.io/sdk.name:nodejs";
  const argv = [options.cli, "session", "--workdir", options.workdir, "--label", label];
  const [program = "", ...args] = await dieWithParent(argv);
  // Next.js declares NODE_ENV as part of every environment; the CLI has no use for it.
  const env = sessionEnvironment(options) as NodeJS.ProcessEnv;
  // A group of its own: Ctrl+C in the worker's terminal must not end sessions that are still in use.
  const child = spawn(program, args, { cwd: options.workdir, env, stdio: "pipe", detached: true });
  // The CLI may be gone already when its standard input is closed.
  child.stdin.on("error", () => undefined);
  return child;
}

async function connect(child: Cli, options: SessionOptions, signal: AbortSignal) {
  const deadline = openDeadline(options.connectTimeoutMs, signal);
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  try {
    const line = await Promise.race([readFirstLine(child.stdout, deadline.signal), failed]);
    const connection = connectLineSchema.parse(JSON.parse(line));
    return { port: connection.port, token: connection.session_token };
  } finally {
    deadline.clear();
  }
}

type End = { reached: Promise<void>; describe: () => string | null };

function watchEnd(child: Cli, stderr: () => string): End {
  let description: string | null = null;
  const reached = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.once("exit", (code, signalName) => {
      const how = signalName === null ? `exit code ${code}` : signalName;
      description = `The Dagger CLI ended (${how}): ${stderr() || SILENT_END}.`;
      resolve();
    });
  });
  return { reached, describe: () => description };
}

async function close(child: Cli, graceMs: number, end: End): Promise<void> {
  child.stdin.end();
  kill(child, "SIGTERM");
  const waiting = new AbortController();
  await Promise.race([
    end.reached,
    delay(graceMs, null, { signal: waiting.signal }).catch(() => undefined),
  ]);
  waiting.abort();
  kill(child, "SIGKILL");
  await end.reached;
  // A process the CLI left behind could hold these open.
  child.stdout.destroy();
  child.stderr.destroy();
}

function kill(child: Cli, signalName: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signalName);
  } catch {
    // It has ended already.
  }
}

function toSessionError(error: unknown, options: SessionOptions, stderr: string) {
  return new DaggerSessionError(describeFailure(error, options, stderr), { cause: error });
}

function describeFailure(error: unknown, options: SessionOptions, stderr: string): string {
  const engine = options.runnerHost === null ? "a Dagger engine" : options.runnerHost;
  const said = stderr || SILENT_END;
  if (error instanceof Error && "code" in error && "syscall" in error)
    return `The Dagger CLI "${options.cli}" could not be started (${error.code}).`;
  if (error instanceof Error && error.name === "TimeoutError")
    return `The Dagger CLI did not reach ${engine} within ${options.connectTimeoutMs / 1000} s: ${said}.`;
  if (error instanceof SyntaxError || error instanceof z.ZodError)
    return `"${options.cli}" does not speak like a Dagger CLI: its first line is not the address of a session.`;
  return `The Dagger CLI ended before it reached ${engine}: ${said}.`;
}
