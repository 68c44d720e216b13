import { EngineError } from "./errors";
import { MAX_JSON_DEPTH } from "./limits";

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/**
 * Parses JSON text. Throws an EngineError `too_deep` before anything is built when it nests deeper than 32 levels, and
 * `invalid_json` when it is not JSON.
 */
export function parseJson(text: string): unknown {
  if (nestingOf(text) > MAX_JSON_DEPTH) {
    const message = `The JSON nests deeper than ${MAX_JSON_DEPTH} levels.`;
    throw new EngineError("too_deep", message);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineError("invalid_json", "The body is not valid JSON.");
  }
}

/** Deepest nesting of brackets outside strings. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(STRING_OR_BRACKET)) {
    if (token === "{" || token === "[") deepest = Math.max(deepest, ++depth);
    else if (token === "}" || token === "]") depth--;
  }
  return deepest;
}

/** A whole string (or the rest of an unclosed one), or one bracket. */
const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"?|[{}[\]]/gs;

/**
 * What keeps a value from being stored as JSON, as a sentence, or null. Server actions can carry NaN, dates, maps and
 * unbounded depth, and Postgres refuses NUL and lone surrogates, so each is looked for.
 */
export function findJsonProblem(value: unknown, maxBytes: number): string | null {
  const stack: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  let bytes = 0;
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.depth > MAX_JSON_DEPTH + 1) return `nests deeper than ${MAX_JSON_DEPTH} levels`;
    const problem = findScalarProblem(item.value);
    if (problem) return problem;
    bytes += sizeOf(item.value);
    if (bytes > maxBytes) return `is larger than ${maxBytes} bytes`;
    for (const child of childrenOf(item.value)) stack.push({ value: child, depth: item.depth + 1 });
  }
  return null;
}

function findScalarProblem(value: unknown): string | null {
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "number")
    return Number.isFinite(value) ? null : "holds a number that is not finite";
  if (typeof value === "string") return findTextProblem(value);
  if (Array.isArray(value)) return null;
  if (typeof value !== "object") return `holds a ${typeof value}, which JSON cannot express`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return "holds an object that is not plain";
  if (Object.hasOwn(value, "__proto__")) return 'holds the key "__proto__"';
  for (const key of Object.keys(value)) {
    const problem = findTextProblem(key);
    if (problem) return problem;
  }
  return null;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What Postgres could not store of a text, as the end of a sentence, or null. */
export function findTextProblem(text: string): string | null {
  if (text.includes("\0")) return "holds a NUL character";
  return LONE_SURROGATE.test(text) ? "holds half of a surrogate pair" : null;
}

/** Whether a value is larger than this as JSON; a value that holds itself, or one part many times, is as large as written out. */
export function exceedsBytes(value: unknown, maxBytes: number): boolean {
  const stack: unknown[] = [value];
  let bytes = 0;
  while (stack.length > 0 && bytes <= maxBytes) {
    const item = stack.pop();
    bytes += sizeOf(item);
    for (const child of childrenOf(item)) stack.push(child);
  }
  return bytes > maxBytes;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return utf8Length(value) + 3;
  if (value !== null && typeof value === "object" && !Array.isArray(value))
    return Object.keys(value).reduce((sum, key) => sum + utf8Length(key) + 4, 2);
  return 8;
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === "object" ? Object.values(value) : [];
}

const encoder = new TextEncoder();

/** Length in UTF-8; runs in the browser too, so not through Node's Buffer. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
