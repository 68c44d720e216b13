import { StringDecoder } from "node:string_decoder";
import { MAX_LOG_LINE_BYTES } from "@/lib/domain/limits";
import { createRedactor } from "./redactor";

/** Room for the remark at the end of a line that was cut. */
const REMARK_BYTES = 64;
const KEPT_BYTES = MAX_LOG_LINE_BYTES - REMARK_BYTES;

export type LineReader = {
  write: (chunk: Uint8Array) => void;
  /** Hands out the last line when it did not end with a line feed. */
  finish: () => void;
};

/**
 * Turns the bytes of one stream into lines that a database takes and people can read: secrets redacted, control characters
 * made visible, of a line that rewrites itself with carriage returns the last state, of a very long line its beginning.
 * The same bytes give the same lines, however they are cut into chunks.
 */
export function createLineReader(
  secrets: readonly string[],
  onLine: (line: string, bytes: number) => void,
): LineReader {
  const decoder = new StringDecoder("utf8");
  const redactor = createRedactor(secrets);
  const line = createLine();

  const read = (text: string) => {
    const pieces = showControls(text).split("\n");
    const last = pieces.pop() ?? "";
    for (const piece of pieces) {
      line.append(piece);
      line.handTo(onLine);
    }
    line.append(last);
  };

  return {
    write: (chunk) => read(redactor.push(decoder.write(chunk))),
    finish: () => {
      read(redactor.push(decoder.end()) + redactor.flush());
      if (!line.isEmpty()) line.handTo(onLine);
    },
  };
}

const encoder = new TextEncoder();
const scratch = new Uint8Array(KEPT_BYTES);

/** The line that is being read. */
function createLine() {
  let kept = "";
  let keptBytes = 0;
  let droppedBytes = 0;
  let returned = false;
  let empty = true;

  const clear = () => {
    kept = "";
    keptBytes = 0;
    droppedBytes = 0;
    returned = false;
  };

  const add = (text: string) => {
    const bytes = Buffer.byteLength(text);
    const room = droppedBytes > 0 ? 0 : KEPT_BYTES - keptBytes;
    if (bytes <= room) {
      kept += text;
      keptBytes += bytes;
      return;
    }
    // Stops before the first character that does not fit whole.
    const { read, written } = encoder.encodeInto(text, scratch.subarray(0, room));
    kept += text.slice(0, read);
    keptBytes += written;
    droppedBytes += bytes - written;
  };

  const replaceOrAdd = (text: string) => {
    if (returned) clear();
    add(text);
  };

  return {
    /** Text without line feeds. What follows a carriage return replaces what stood before it. */
    append: (text: string) => {
      if (text !== "") empty = false;
      const [first = "", ...others] = text.includes("\r") ? text.split("\r") : [text];
      if (first !== "") replaceOrAdd(first);
      for (const part of others) {
        returned = true;
        if (part !== "") replaceOrAdd(part);
      }
    },
    isEmpty: () => empty,
    handTo: (onLine: (line: string, bytes: number) => void) => {
      const remark = droppedBytes > 0 ? ` [${droppedBytes} bytes of this line dropped]` : "";
      onLine(kept + remark, keptBytes + remark.length);
      clear();
      empty = true;
    },
  };
}

/** PostgreSQL refuses NUL, terminals obey the rest. Tabs stay, and ESC, by which colours are recognised. */
function showControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\r\t]/gu, (control) => {
    const code = control.codePointAt(0) ?? 0;
    if (code === 0x1b) return control;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\uFFFD";
  });
}
