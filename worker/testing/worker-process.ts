import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Short enough for a test to wait for, long enough for two busy cores. */
export const FAST = {
  SCHEDULER_INTERVAL: "1",
  HEARTBEAT_INTERVAL: "0.4",
  LEASE_DURATION: "3",
  SWEEP_INTERVAL: "0.4",
  DRAIN_TIMEOUT: "1",
  CANCEL_GRACE: "1",
};

export type WorkerProcess = {
  child: ChildProcess;
  /** Everything it logged so far. */
  log: () => string;
  signal: (signal: NodeJS.Signals) => void;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
};

export type WorkerOptions = {
  databaseUrl: string;
  dataDir: string;
  /** Besides `FAST`. */
  env?: Record<string, string>;
  /** File of the built worker. */
  program: string;
  /** What the terminal sends to its processes does not reach it. */
  isDetached?: boolean;
  /** Called before it does anything. */
  onSpawned?: (child: ChildProcess) => void;
  /** Called with each piece of its log, as it comes. */
  onOutput?: (text: string) => void;
};

/** Starts a real worker process and waits until it has started to claim. */
export async function startWorkerProcess(options: WorkerOptions): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [options.program], {
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...FAST,
      RUNNER: "process",
      DATABASE_URL: options.databaseUrl,
      DATA_DIR: options.dataDir,
      ...options.env,
    },
    stdio: ["pipe", "pipe", "pipe"],
    detached: options.isDetached ?? false,
  });
  options.onSpawned?.(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      options.onOutput?.(text);
    });
  }
  const ended = once(child, "exit").then(([code, signal]) => code ?? signal);
  const hasStarted = () => {
    if (child.exitCode !== null) throw new Error(`The worker ended at its start:\n${output}`);
    // Whoever has it killed at its first claim may be quicker than its log.
    return child.signalCode !== null || output.includes('"worker started"');
  };
  await waitFor("the worker to start", hasStarted).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  return {
    child,
    log: () => output,
    signal: (signal) => {
      child.kill(signal);
    },
    ended,
  };
}

/** Asks again and again until the answer is neither false nor null, at most 30 seconds. */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = 30_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined)
      return answer as NonNullable<Exclude<T, false>>; // the line above has checked it
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
