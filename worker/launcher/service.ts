import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./say";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Who ran this long was well: the next failure counts as the first. */
const WELL_AFTER_MS = 60_000;

type Options = {
  name: string;
  /** Arguments of Node.js. */
  args: string[];
  /** Read anew at each start. */
  env: () => NodeJS.ProcessEnv;
  /** Where its output goes; null for the terminal. */
  logFile: string | null;
  onStart: (pid: number) => void;
};

/** A process of the product that is started again whenever it ends before it was told to. */
export class Service {
  private child: ChildProcess | null = null;
  private readonly stopping = new AbortController();
  private restarting = false;
  private failures = 0;
  private readonly options: Options;

  constructor(options: Options) {
    this.options = options;
  }

  start(): void {
    const startedAt = Date.now();
    this.restarting = false;
    const child = this.spawn();
    this.child = child;
    child.once("error", () => {}); // "close" follows
    child.once("close", (code, signal) => {
      if (this.stopping.signal.aborted) return;
      if (this.restarting) return this.start();
      this.failures = Date.now() - startedAt > WELL_AFTER_MS ? 1 : this.failures + 1;
      void this.startAgain(signal ?? `exit code ${code}`);
    });
  }

  /** Lets the process end by itself, and kills it when that takes longer than this. */
  async stop(limitMs: number): Promise<void> {
    this.stopping.abort();
    const child = this.child;
    if (!child || hasEnded(child)) return;
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const timer = setTimeout(() => this.kill(), limitMs);
    await closed;
    clearTimeout(timer);
  }

  /** Ends the process and whatever it started, at once. */
  kill(): void {
    this.stopping.abort();
    if (!this.child?.pid || hasEnded(this.child)) return;
    // It leads a process group of its own, see spawn.
    process.kill(-this.child.pid, "SIGKILL");
  }

  /** Has the process start afresh, with the environment as it is now. */
  restart(): void {
    if (!this.child || hasEnded(this.child)) return;
    this.restarting = true;
    this.child.kill("SIGTERM");
  }

  private spawn(): ChildProcess {
    const { args, env, logFile, onStart } = this.options;
    const log = logFile === null ? null : openSync(logFile, "a", 0o600);
    const output = log ?? "inherit";
    // Detached, so that Ctrl+C reaches the launcher alone, which stops all in order. Standard input closes when the
    // launcher dies, however it dies.
    const child = spawn(process.execPath, args, {
      detached: true,
      env: env(),
      stdio: ["pipe", output, output],
    });
    child.stdin?.on("error", () => {}); // the process has ended, which "close" tells
    if (log !== null) closeSync(log);
    if (child.pid) onStart(child.pid);
    return child;
  }

  private async startAgain(reason: string): Promise<void> {
    const { name, logFile } = this.options;
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (this.failures - 1), LONGEST_DELAY_MS);
    const where = logFile ? `; its log is ${logFile}` : "";
    say(
      `The ${name} ended unexpectedly (${reason}); starting it again in ${delayMs / 1000} s${where}.`,
    );
    try {
      await sleep(delayMs, undefined, { signal: this.stopping.signal });
    } catch {
      return; // stopped meanwhile
    }
    this.start();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
