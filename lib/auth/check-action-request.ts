import { EngineError } from "@/lib/domain/errors";
import { parseJson } from "@/lib/domain/json";
import { MAX_IMPORT_BYTES } from "@/lib/domain/limits";
import { tooLarge } from "./read-body";

/**
 * What a page may be sent besides being read: a call of a server action with plain data, as our own screens send it. Next.js
 * decodes an action's arguments before the action can look at anything, so what would make it fail is refused here.
 */
export async function checkActionRequest(request: Request): Promise<void> {
  const { headers } = request;
  if (request.method !== "POST" || !headers.has("next-action")) {
    throw new EngineError(
      "invalid",
      "Pages can only be read; programs use the addresses below /api.",
    );
  }
  // Forms, files, maps and streams would come as multipart; no action takes one.
  if (!/^text\/plain\b/i.test(headers.get("content-type") ?? "")) {
    throw new EngineError("unsupported_media_type", "An action takes plain data.");
  }
  const length = headers.get("content-length");
  if (length === null) throw new EngineError("invalid", "The request does not say its length.");
  if (Number(length) > MAX_IMPORT_BYTES) throw tooLarge(MAX_IMPORT_BYTES);
  requireArguments(await request.text());
}

function requireArguments(text: string): void {
  const root = parseJson(text);
  if (!Array.isArray(root)) throw malformed();
  const values: unknown[] = [root];
  for (const value of values) {
    if (typeof value === "string" && value.startsWith("$") && !isPlain(value, root)) {
      throw malformed();
    }
    if (typeof value !== "object" || value === null) continue;
    for (const child of Object.values(value)) values.push(child);
  }
}

/**
 * What a text that starts with a dollar sign may stand for: itself, undefined, a number, a date, or another part of the same
 * arguments ("$0:0:nodes"). Functions, promises and parts of a form are nothing that an action takes.
 */
function isPlain(text: string, root: unknown): boolean {
  if (/^\$(\$|undefined$|NaN$|-?Infinity$|-0$|n-?\d{1,400}$|D)/.test(text)) return true;
  const [start, ...path] = text.split(":");
  return start === "$0" && path.every(stepper(root));
}

/** Follows a path from `root`; each step says whether there is something. */
function stepper(root: unknown): (name: string) => boolean {
  let at = root;
  return (name) => {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return false;
    at = Reflect.get(at, name);
    return true;
  };
}

function malformed(): EngineError {
  return new EngineError("invalid_json", "The arguments of the action cannot be read.");
}
