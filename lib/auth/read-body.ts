import { EngineError } from "@/lib/domain/errors";
import { parseJson } from "@/lib/domain/json";

/** Longer than any honest client takes, and short enough that a dripping one does not collect connections. */
const BODY_TIMEOUT_MS = 30_000;

/**
 * Reads the JSON body of a request: nothing but JSON is accepted, and no more than `maxBytes` is ever read, whatever the
 * request says of its length. Returns an empty object when there is no body.
 */
export async function readJsonBody(
  request: Request,
  options: { maxBytes: number; timeoutMs?: number },
): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type !== null) requireJson(type);
  requireSize(Number(request.headers.get("content-length") ?? 0), options.maxBytes);
  requirePlain(request.headers.get("content-encoding"));
  const text = decodeUtf8(await readBytes(request.body, options));
  if (text === "") return {};
  if (type === null) throw unsupported();
  return parseJson(text);
}

/** A page of another site can send text and forms without asking first; JSON it cannot. */
function requireJson(type: string): void {
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) throw unsupported();
}

function requirePlain(encoding: string | null): void {
  if (encoding === null || encoding.toLowerCase() === "identity") return;
  throw new EngineError("unsupported_media_type", "Send the body uncompressed.");
}

function unsupported(): EngineError {
  return new EngineError("unsupported_media_type", "Send JSON, as application/json.");
}

function requireSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw tooLarge(maxBytes);
}

/** The refusal of a request beyond its limit. */
export function tooLarge(maxBytes: number): EngineError {
  const limit = `${maxBytes / 1024 / 1024} MiB`;
  return new EngineError("too_large", `The request is larger than ${limit}, which is the limit.`);
}

async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, timeoutMs = BODY_TIMEOUT_MS }: { maxBytes: number; timeoutMs?: number },
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const error = new EngineError("request_timeout", "The body did not arrive in time.");
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    for (let size = 0; ; ) {
      const { done, value } = await Promise.race([reader.read(), expired]);
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      requireSize(size, maxBytes);
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
    // Stops reading what is left of a refused body; what came whole has nothing to cancel.
    reader.cancel().catch(() => undefined);
  }
}

/** A byte order mark stays in the text, and so is no JSON. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EngineError("invalid_json", "The body is not UTF-8.");
  }
}
