import { rm } from "node:fs/promises";
import path from "node:path";
import { isImageReference } from "@/lib/domain/image-reference";
import type { Pipeline } from "@/lib/domain/pipeline";
import { loadSdk, openClient } from "./dagger/client";
import { openDeadline } from "./dagger/deadline";
import { watchEngine } from "./dagger/engine-watch";
import { toDaggerFailure } from "./dagger/errors";
import { followLogs } from "./dagger/live-logs";
import { acceptRecord, runSteps, SHARED_FOLDER, type StepsContext } from "./dagger/run-steps";
import {
  type DaggerSession,
  DaggerSessionError,
  type SessionOptions,
  startSession,
} from "./dagger/session";
import { createSessionFolder } from "./dagger/session-folder";
import { DaggerVersionError, findVersionProblem } from "./dagger/version";
import { nameDaggerEngine } from "./engine-name";
import type { Runner, RunOutcome, RunRequest } from "./runner";

export type DaggerRunnerOptions = Pick<SessionOptions, "cli" | "runnerHost" | "configPath"> &
  Partial<Timing>;

type Timing = Pick<SessionOptions, "connectTimeoutMs" | "closeGraceMs"> &
  Pick<StepsContext, "outputSilenceMs"> & {
    pingIntervalMs: number;
    pingTimeoutMs: number;
  };

/** With its engine gone, the CLI would use up all of its grace. */
const FAILED_GRACE_MS = 1_000;

const defaultTiming: Omit<Timing, "connectTimeoutMs"> = {
  closeGraceMs: 10_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 30_000,
  outputSilenceMs: 2_000,
};

export type DaggerRunner = Runner & {
  /** Resolves with the engine's version when one answers; rejects with a sentence when none does or it does not fit. */
  checkEngine(timeoutMs: number): Promise<string>;
};

/**
 * A runner whose commands run in containers of a Dagger engine. Every attempt has a session of its own: secrets, registry
 * logins and what tags stand for are shared within one, and closing it is the only sure way to end all that runs in it.
 */
export async function createDaggerRunner(options: DaggerRunnerOptions): Promise<DaggerRunner> {
  // The CLI loads what it finds in its folder, and looks for a git repository around it.
  const workdir = await createSessionFolder();
  const connectTimeoutMs = connectTimeoutOf(options.runnerHost);
  const settings = { connectTimeoutMs, ...defaultTiming, ...options, workdir };
  const closing = new Set<Promise<void>>();

  function closeLater(session: DaggerSession, graceMs?: number): Promise<void> {
    const closed = session.close(graceMs).finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  }

  return {
    kind: "dagger",
    engine: nameDaggerEngine(options.runnerHost),
    description: `Commands run in containers of the Dagger engine ${describeEngine(options)}.`,
    run: (request) => runAttempt(request, settings, closeLater),
    checkEngine: (timeoutMs) => checkEngine(settings, timeoutMs),
    async close() {
      await Promise.all(closing);
      await rm(workdir, { recursive: true, force: true });
    },
  };
}

/** The CLI tries in silence, for up to ten minutes. Unless the engine only has to be dialled, it may have to be fetched first. */
function connectTimeoutOf(runnerHost: string | null): number {
  const isDialled = runnerHost !== null && /^(tcp|tls|unix):/.test(runnerHost);
  return isDialled ? 30_000 : 120_000;
}

function describeEngine({ runnerHost, cli }: DaggerRunnerOptions): string {
  return runnerHost === null ? `that "${cli}" provides` : `at ${runnerHost}`;
}

type Settings = SessionOptions & Timing;

async function runAttempt(
  request: RunRequest,
  settings: Settings,
  closeLater: (session: DaggerSession, graceMs?: number) => Promise<void>,
): Promise<RunOutcome> {
  // Dagger can only kill, so there is no grace: both signals mean the same.
  const stop = AbortSignal.any([request.signal, request.killSignal]);
  const problem = findProblem(request.pipeline);
  if (stop.aborted) return { kind: "stopped" };
  if (problem !== null) return problem;

  let session: DaggerSession | null = null;
  try {
    session = await startSession(settings, stop);
    const outcome = await runInSession(request, session, settings, stop);
    // Nothing runs any more, so the result need not wait for the session's end.
    void closeLater(session);
    return outcome;
  } catch (error) {
    const end = session?.describeEnd() ?? null;
    if (session !== null) await closeLater(session, stop.aborted ? undefined : FAILED_GRACE_MS);
    if (stop.aborted) return { kind: "stopped" };
    return toOutcome(error, end, request);
  }
}

/** What can be told without an engine: a step without a usable image, or with a folder outside of the shared one. */
function findProblem({ steps }: Pipeline): RunOutcome | null {
  for (const { image, workdir } of steps) {
    if (image === null || !isImageReference(image)) {
      const message = `"${image ?? ""}" is not the name of a container image, such as "alpine:3.20".`;
      return { kind: "failed", errorClass: "image", message };
    }
    const folder = path.posix.resolve(SHARED_FOLDER, workdir ?? "");
    if (folder !== SHARED_FOLDER && !folder.startsWith(`${SHARED_FOLDER}/`)) {
      const message = `The working directory "${workdir}" is outside of the task's own folder.`;
      return { kind: "failed", errorClass: "invalid", message };
    }
  }
  return null;
}

async function runInSession(
  request: RunRequest,
  session: DaggerSession,
  settings: Settings,
  stop: AbortSignal,
): Promise<RunOutcome> {
  const done = new AbortController();
  const lost = watchEngine(
    {
      ping: (signal) => askVersion(session, signal),
      intervalMs: settings.pingIntervalMs,
      timeoutMs: settings.pingTimeoutMs,
    },
    done.signal,
  );
  const outputs: StepsContext["outputs"] = new Map();
  const logs = followLogs(session, done.signal, (record) => acceptRecord(outputs, record));
  try {
    const signal = AbortSignal.any([stop, lost]);
    const { outputSilenceMs } = settings;
    return await runSteps({ session, request, signal, outputSilenceMs, outputs });
  } catch (error) {
    if (lost.aborted) throw new EngineLostError();
    throw error;
  } finally {
    done.abort();
    await logs;
  }
}

class EngineLostError extends Error {
  override message = "The Dagger engine stopped answering while the task ran.";
}

function toOutcome(error: unknown, end: string | null, request: RunRequest): RunOutcome {
  if (error instanceof EngineLostError)
    return { kind: "failed", errorClass: "infrastructure", message: error.message };
  const failure = toDaggerFailure(error);
  if (failure === null) throw error;
  const message = end ?? failure.message;
  const errorClass = end === null ? failure.errorClass : "infrastructure";
  return { kind: "failed", errorClass, message: redact(message, request.pipeline.secrets) };
}

/** An engine may repeat what it was told. */
function redact(text: string, secrets: Pipeline["secrets"]): string {
  const values = Object.values(secrets).filter((value) => value !== "");
  return values.reduce((redacted, value) => redacted.replaceAll(value, "***"), text);
}

async function askVersion(session: DaggerSession, signal: AbortSignal): Promise<string> {
  const client = await openClient(session, { signal, traceId: "0".repeat(31).concat("1") });
  return client.version();
}

async function checkEngine(settings: Settings, timeoutMs: number): Promise<string> {
  const options = { ...settings, connectTimeoutMs: timeoutMs };
  const never = new AbortController().signal;
  // Loading the SDK can take seconds on a busy machine; they are not the engine's.
  const [session] = await Promise.all([startSession(options, never), loadSdk()]);
  const deadline = openDeadline(timeoutMs, never);
  try {
    const version = await askVersion(session, deadline.signal);
    const problem = findVersionProblem(version);
    if (problem !== null) throw new DaggerVersionError(problem);
    return version;
  } catch (error) {
    const failure = toDaggerFailure(error);
    throw failure === null ? error : new DaggerSessionError(failure.message, { cause: error });
  } finally {
    deadline.clear();
    await session.close();
  }
}
