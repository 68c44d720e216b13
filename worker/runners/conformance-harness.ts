import { spawnSync } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { vi } from "vitest";
import type { PipelineStep } from "@/lib/domain/pipeline";
import type { OutputStream, Runner, RunOutcome, RunRequest } from "./runner";

/** What differs between runners; everything else must be the same. */
export type RunnerFacts = {
  createRunner: () => Promise<Runner>;
  /** Image of every step, with a POSIX shell and core utilities; null where no container is used. */
  image: string | null;
  /** Whether a command ended by a signal is told from one that exits with 128 + n. */
  signals: "exact" | "exit-code";
  /** Whether a command receives SIGTERM before it is killed. */
  graceful: boolean;
  /** Whether bytes that are not UTF-8 arrive as they are or as U+FFFD. */
  bytes: "exact" | "utf-8";
  /** Names of the variables a command sees besides those its step declares. */
  environment: string[];
};

type Chunk = { stream: OutputStream; bytes: Uint8Array };

export type Attempt = {
  outcome: Promise<RunOutcome>;
  stop: AbortController;
  kill: AbortController;
  started: () => number;
  /** All output so far, both streams in the order of arrival. */
  chunks: Chunk[];
  bytes: (stream: OutputStream) => Buffer;
  text: (stream: OutputStream) => string;
  /** Resolves as soon as stdout contains `text`. */
  printed: (text: string) => Promise<void>;
};

type AttemptOptions = Partial<Pick<RunRequest, "graceMs" | "onOutput" | "signal">> & {
  steps: Partial<PipelineStep>[];
  secrets?: Record<string, string>;
};

/** Starts one attempt and collects what it yields; `onOutput` replaces the collecting. */
export function start(runner: Runner, facts: RunnerFacts, options: AttemptOptions): Attempt {
  const stop = new AbortController();
  const kill = new AbortController();
  const chunks: Chunk[] = [];
  let started = 0;

  const bytes = (stream: OutputStream) =>
    Buffer.concat(chunks.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.bytes));
  const text = (stream: OutputStream) => bytes(stream).toString("utf8");

  const outcome = runner.run({
    // New in every run of the tests: a live engine answers what it knows from its cache, without any live output.
    executionId: randomUUID(),
    attempt: 1,
    pipeline: {
      steps: options.steps.map((step) => completeStep(step, facts)),
      secrets: options.secrets ?? {},
    },
    signal: options.signal ?? AbortSignal.any([stop.signal, kill.signal]),
    killSignal: kill.signal,
    graceMs: options.graceMs ?? 10_000,
    onStarted: () => {
      started += 1;
    },
    onOutput: options.onOutput ?? ((stream, chunk) => chunks.push({ stream, bytes: chunk })),
  });

  return {
    outcome,
    stop,
    kill,
    started: () => started,
    chunks,
    bytes,
    text,
    printed: (wanted) =>
      vi.waitFor(
        () => {
          if (!text("stdout").includes(wanted)) throw new Error(`"${wanted}" was not printed`);
        },
        { timeout: 60_000, interval: 10 },
      ),
  };
}

function completeStep(step: Partial<PipelineStep>, facts: RunnerFacts): PipelineStep {
  return { name: null, image: facts.image, command: ["true"], env: {}, workdir: null, ...step };
}

/** A step that runs a shell script; further arguments become $1, $2 and so on. */
export function shell(script: string, ...args: string[]): Partial<PipelineStep> {
  return { command: ["sh", "-c", script, "sh", ...args] };
}

/** How many processes of this machine carry `mark` in their command line. */
export function countProcesses(mark: string): number {
  return commandLines().filter((line) => line.includes(mark)).length;
}

function commandLines(): string[] {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-axww", "-o", "command="], { encoding: "utf8" }).stdout.split("\n");
  }
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      return ""; // It ended while the list was read.
    }
  });
}

/** Resolves once no process with `mark` is left; fails after one second, the limit every runner must keep. */
export async function noSurvivors(mark: string): Promise<void> {
  await vi.waitFor(
    () => {
      const count = countProcesses(mark);
      if (count > 0) throw new Error(`${count} processes are still alive`);
    },
    { timeout: 1_000, interval: 20 },
  );
}

/** A script that leaves processes behind in every usual way, and the mark by which they are found. */
export function escapees(): { mark: string; script: string } {
  const mark = `8640${randomInt(1e9, 1e10)}`;
  const script = [
    `setsid sleep ${mark} &`,
    `nohup sleep ${mark} > /dev/null 2>&1 &`,
    `(trap '' TERM HUP; sleep ${mark} & ) &`,
    `setsid sh -c 'trap "" TERM; (setsid sleep ${mark} > /dev/null 2>&1 &) & sleep 0.1' &`,
    // So that they have left before the shell ends; what is slower is caught all the same.
    "sleep 0.3",
  ];
  return { mark, script: script.join("\n") };
}
