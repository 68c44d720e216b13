import { EngineError } from "./errors";
import { findJsonProblem, type JsonValue, utf8Length } from "./json";
import { MAX_RESULT_BYTES } from "./limits";

/** What a successful attempt yields. */
export type Result = {
  exitCode: number;
  /** From the start of the command to its end. */
  durationMs: number;
  runner: string;
  imageDigest: string | null;
  /** Values for the tasks downstream, from the file named in TASK_OUTPUT. */
  outputs: Record<string, JsonValue>;
};

const OUTPUT_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/**
 * The outputs a task wrote to TASK_OUTPUT: one JSON object, or `key=value` lines (blank lines and lines that start with #
 * are passed over; the last value of a key wins). Throws an EngineError that says what to write instead.
 */
export function parseTaskOutput(text: string | null): Record<string, JsonValue> {
  if (text === null || text.trim() === "") return {};
  if (utf8Length(text) > MAX_RESULT_BYTES) {
    const message = `The file in TASK_OUTPUT is larger than ${MAX_RESULT_BYTES} bytes (result_too_large); hand large data on as a file or through storage.`;
    throw new EngineError("too_large", message);
  }
  const outputs = text.trimStart().startsWith("{") ? parseObject(text) : parseLines(text);
  const problem = findJsonProblem(outputs, MAX_RESULT_BYTES);
  if (problem) throw new EngineError("invalid", `The file in TASK_OUTPUT ${problem}.`);
  for (const name of Object.keys(outputs)) requireOutputName(name);
  return outputs;
}

function parseObject(text: string): Record<string, JsonValue> {
  try {
    const value: Record<string, JsonValue> = JSON.parse(text);
    return value;
  } catch {
    throw new EngineError(
      "invalid",
      "The file in TASK_OUTPUT starts with { but is not a JSON object.",
    );
  }
}

function parseLines(text: string): Record<string, JsonValue> {
  const outputs = new Map<string, JsonValue>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const at = line.indexOf("=");
    if (at < 1) {
      const message = `Line ${i + 1} of the file in TASK_OUTPUT is not of the form key=value.`;
      throw new EngineError("invalid", message);
    }
    outputs.set(line.slice(0, at).trim(), line.slice(at + 1));
  }
  return Object.fromEntries(outputs);
}

function requireOutputName(name: string): void {
  if (OUTPUT_NAME.test(name)) return;
  const message = `"${name.slice(0, 100)}" is not a name for an output: use letters, digits, "_", "-" and ".".`;
  throw new EngineError("invalid", message);
}
