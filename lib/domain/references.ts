import { EngineError } from "./errors";
import type { JsonValue } from "./json";

/** Outputs of the tasks upstream: task key, then output name. */
export type TaskOutputs = ReadonlyMap<string, Readonly<Record<string, JsonValue>>>;

/** `${tasks.<key>.outputs.<name>}`; a doubled dollar sign keeps it literal. */
const REFERENCE =
  /\$?\$\{tasks\.([A-Za-z0-9][A-Za-z0-9_.-]*?)\.outputs\.([A-Za-z0-9_][A-Za-z0-9_.-]*)\}/g;

/**
 * Puts outputs of upstream tasks into a text, in a single pass: what is put in is never searched again and never seen by
 * a shell. Any other `${…}` stays as it is. Throws an EngineError `invalid` naming a reference that has no value.
 */
export function resolveReferences(text: string, outputs: TaskOutputs): string {
  return text.replace(REFERENCE, (match, key: string, name: string) => {
    if (match.startsWith("$$")) return match.slice(1);
    const values = outputs.get(key);
    const value = values && Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      const why = values
        ? `"${key}" gave no output "${name}"`
        : `no completed task "${key}" comes before it`;
      throw new EngineError("invalid", `The reference ${match} has no value: ${why}.`);
    }
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

/** Task keys that a text refers to, each once. */
export function referencedTasks(text: string): string[] {
  const keys = [...text.matchAll(REFERENCE)]
    .filter(([match]) => !match.startsWith("$$"))
    .map(([, key]) => key ?? "");
  return [...new Set(keys)];
}
