import type { Logger } from "pino";
import type { ErrorClass } from "@/lib/domain/failure";
import type { Pipeline } from "@/lib/domain/pipeline";

type RunnerKind = "dagger" | "process";
export type OutputStream = "stdout" | "stderr";

/** What a runner is handed for one attempt. It knows nothing of the database. */
export type RunRequest = {
  executionId: string;
  /** Attempt number, from 1; together with `executionId` unique, so fit for names of folders and secrets. */
  attempt: number;
  pipeline: Pipeline;
  /** Aborted when the attempt must stop (cancel, timeout, lost lease, drain): ask first, kill after `graceMs`. */
  signal: AbortSignal;
  /** Aborted when the attempt must stop without any grace; implies `signal`. */
  killSignal: AbortSignal;
  /** Milliseconds between asking the work to end and killing it. */
  graceMs: number;
  /** Trace context of the attempt (W3C), which the steps have in TRACEPARENT already; null when nothing is traced. */
  traceparent?: string | null;
  /** For what the outcome does not say; names the attempt on each line. */
  log?: Logger;
  /** Called once, when image or program is ready and the first command starts: PREPARING becomes RUNNING. */
  onStarted: () => void;
  /** Called for every piece of output, in order, exactly as it arrived: not split into lines, any bytes. */
  onOutput: (stream: OutputStream, chunk: Uint8Array) => void;
};

/** How an attempt ended, as far as the runner knows. Nothing of the work is alive when `run` resolves. */
export type RunOutcome =
  | {
      kind: "exited";
      /** Exit code of the last step that ran; null when a signal ended it. */
      exitCode: number | null;
      /** Name of the signal that ended the command ("SIGKILL"), or null. */
      signal: string | null;
      /** Text the task wrote to the file named in TASK_OUTPUT, cut at MAX_RESULT_BYTES + 1; null when it wrote none. */
      output: string | null;
      /** Digest of the image that ran ("sha256:…"), or null where there is none. */
      imageDigest: string | null;
    }
  | {
      kind: "failed";
      /** `image`, `command_not_found`, `invalid` or `infrastructure`; an exit code is never a failure of this kind. */
      errorClass: Exclude<ErrorClass, "exit" | "timeout">;
      /** A sentence for people: what failed and what to do. */
      message: string;
    }
  /** One of the two signals ended it. */
  | { kind: "stopped" };

/** Performs pipelines. `run` never rejects for anything the work does; it rejects only for a bug of its own. */
export interface Runner {
  readonly kind: RunnerKind;
  /** What it talks to, by the same name for every worker that talks to the same: their circuit breaker is one. */
  readonly engine: string;
  /** One sentence shown to operators: what runs the commands, and where. */
  readonly description: string;
  run(request: RunRequest): Promise<RunOutcome>;
  /** Releases what the runner holds (sessions, folders). Called once, after every `run` has settled. */
  close(): Promise<void>;
}
