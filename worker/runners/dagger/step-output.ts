import type { OutputStream, RunRequest } from "@/worker/runners/runner";
import type { LogRecord } from "./log-records";

/** Above this the output is not read a second time to look for gaps; so much of it is shown as head and tail anyway. */
const MAX_CHECKED_LENGTH = 1024 * 1024;

/** Enough for the words of an init process that could not start a program. */
const STDERR_START_LENGTH = 1024;

/** What one command printed: passed on as it arrives, and completed at the end with what did not arrive live. */
export type StepOutput = {
  accept(record: LogRecord): void;
  /** Resolves when both streams have ended. */
  ended: Promise<void>;
  /** How much has arrived so far. */
  length(): number;
  /** Whether reading the whole output again is worth it. */
  isCheckable(): boolean;
  /** All of standard error, if it is short; else its first part. */
  stderrStart(): string;
  /** Passes on what of the whole output has not arrived yet. From then on nothing is accepted. */
  complete(stream: OutputStream, whole: string): void;
  /** Passes on a text only if its stream has been silent: it is cut, so it cannot be compared. */
  fallBack(stream: OutputStream, text: string): void;
};

/** Collects the output of one command and hands it to `onOutput` as bytes, each piece once. */
export function createStepOutput(onOutput: RunRequest["onOutput"]): StepOutput {
  const pieces: Record<OutputStream, string[]> = { stdout: [], stderr: [] };
  const open = new Set<OutputStream>(["stdout", "stderr"]);
  const closed = new Set<OutputStream>();
  let length = 0;
  let stderrStart = "";
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  function pass(stream: OutputStream, text: string): void {
    if (text === "") return;
    if (stream === "stderr" && stderrStart.length < STDERR_START_LENGTH) stderrStart += text;
    onOutput(stream, Buffer.from(text, "utf8"));
  }

  return {
    ended,
    accept({ stream, text, isEnd }) {
      if (closed.has(stream)) return;
      pass(stream, text);
      length += text.length;
      if (length <= MAX_CHECKED_LENGTH) pieces[stream].push(text);
      if (isEnd && open.delete(stream) && open.size === 0) end();
    },
    length: () => length,
    stderrStart: () => stderrStart,
    isCheckable: () => length <= MAX_CHECKED_LENGTH,
    complete(stream, whole) {
      closed.add(stream);
      for (const piece of findMissing(pieces[stream], whole)) pass(stream, piece);
    },
    fallBack(stream, text) {
      closed.add(stream);
      if (pieces[stream].every((piece) => piece === "")) pass(stream, text);
    },
  };
}

/**
 * What of `whole` is in none of the pieces, which are parts of it in order. The engine loses a piece when it cuts a
 * character in two (its log store takes only valid UTF-8).
 */
export function findMissing(pieces: string[], whole: string): string[] {
  const missing: string[] = [];
  let at = 0;
  for (const piece of pieces) {
    const found = whole.indexOf(piece, at);
    if (found === -1) continue;
    missing.push(whole.slice(at, found));
    at = found + piece.length;
  }
  missing.push(whole.slice(at));
  return missing.filter((text) => text !== "");
}
