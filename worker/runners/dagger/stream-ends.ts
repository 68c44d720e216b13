import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

const MAX_LINE_BYTES = 64 * 1024;
const MAX_TAIL_BYTES = 4 * 1024;
const MAX_TAIL_LINES = 5;

/** Reads a stream to its end without keeping more than its last few lines; the function returned gives them as one line. */
export function keepTail(stream: Readable): () => string {
  let tail = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk.subarray(-MAX_TAIL_BYTES)]).subarray(-MAX_TAIL_BYTES);
  });
  return () => {
    const text = tail.toString("utf8").replace(/\s*\[traceparent:[^\]]*\]/g, "");
    const lines = stripVTControlCharacters(text).split("\n");
    const spoken = lines.map((line) => line.trim()).filter((line) => line !== "");
    return spoken.slice(-MAX_TAIL_LINES).join(" / ").replace(/\.$/, "");
  };
}

/** The first line of a stream, which is read on and thrown away after it. Rejects when the stream ends before. */
export function readFirstLine(stream: Readable, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = Buffer.alloc(0);
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    stream.once("end", () => reject(new Error("The stream ended before its first line.")));
    stream.on("data", (chunk: Buffer) => {
      if (text.length > MAX_LINE_BYTES || text.includes("\n")) return;
      text = Buffer.concat([text, chunk]);
      const end = text.indexOf("\n");
      if (end !== -1) resolve(text.toString("utf8", 0, end));
      else if (text.length > MAX_LINE_BYTES) reject(new SyntaxError("The first line is too long."));
    });
  });
}
