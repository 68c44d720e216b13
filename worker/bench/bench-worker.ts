import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, WORKER_OPTIONS } from "@/worker/launcher/bundle";
import { readCpuSeconds } from "./cpu-time";
import type { BenchAnswer, BenchRequest } from "./messages";
import type { Moment } from "./no-op-runner";

const entry = fileURLToPath(new URL("./start-bench-worker.ts", import.meta.url));
/** Beside the product's own, from where it finds migrations and packages. */
const outdir = fileURLToPath(new URL("../../.next/bench-worker", import.meta.url));

/** Makes the worker's program, as `npm start` does; returns its file. */
export function buildBenchWorker(): Promise<string> {
  return bundle({ entry, outdir });
}

/** A worker process and the requests to it. */
export class BenchWorker {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(options: { program: string; dir: string; number: number }) {
    const logPath = join(options.dir, `worker-${options.number}.log`);
    // Its log goes to a file, as under `npm start`.
    const log = openSync(logPath, "a");
    this.#child = fork(options.program, {
      execArgv: [...WORKER_OPTIONS],
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    this.#ended = once(this.#child, "exit").then(() => {
      throw new Error(`The worker process ended; its log is ${logPath}.`);
    });
    this.#ended.catch(() => {}); // reported to whoever asks it something
  }

  /** Starts a worker on this database. */
  async start(databaseUrl: string, maxConcurrentExecutions: number): Promise<void> {
    await this.#ask({ kind: "start", databaseUrl, maxConcurrentExecutions });
  }

  /** Claims by hand on this database, as the ceilings do. */
  async claimByHand(databaseUrl: string, claim: string): Promise<void> {
    await this.#ask({ kind: "claim by hand", databaseUrl, claim });
  }

  async takeMoments(): Promise<Moment[]> {
    return await this.#ask({ kind: "moments" });
  }

  /** Drains; returns the moments that were not taken yet. */
  async stop(): Promise<Moment[]> {
    return await this.#ask({ kind: "stop" });
  }

  /** Processor time so far; NaN where the system does not tell. */
  cpuSeconds(): number {
    return readCpuSeconds(this.#child.pid ?? 0) ?? Number.NaN;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
  }

  async #ask(request: BenchRequest): Promise<Moment[]> {
    const answered = once(this.#child, "message") as Promise<[BenchAnswer]>; // the child sends nothing else
    this.#child.send(request);
    const [answer] = await Promise.race([answered, this.#ended]);
    if ("error" in answer) throw new Error(`The worker process failed: ${answer.error}`);
    return answer.moments;
  }
}
