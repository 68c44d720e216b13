import { MAX_LOG_BYTES } from "@/lib/domain/limits";
import { createBlock, type LogChunk } from "./logs/block";
import { createLineReader } from "./logs/line-reader";
import { createTail } from "./logs/tail";
import type { OutputStream } from "./runners/runner";

export type { LogChunk };

export type LogCollector = {
  write: (stream: OutputStream, chunk: Uint8Array) => void;
  /** What can be stored by now and was not handed out before. Nothing more comes once the head is full. */
  takeChunks: () => LogChunk[];
  /** The latest lines while the head is full, to be shown until the end; replaces the preview before. Else null. */
  preview: () => LogChunk | null;
  /** Everything that is left: rest of the head, how much was dropped, the tail. Call it once, after the last write. */
  finish: () => LogChunk[];
  /** The last lines so far, at most 50 of them, without marks: what an error shows. */
  lastLines: (count: number) => string[];
  /** Bytes between head and tail that are not kept. */
  droppedBytes: () => number;
};

type Options = {
  /** Values that must not be stored. */
  secrets: readonly string[];
  /** Limit of what is kept; half of it from the beginning, half from the end. */
  maxBytes?: number;
};

const MAX_RECENT_LINES = 50;

/**
 * Collects the output of one attempt as numbered lines, in the order in which they were completed. It never holds more than
 * the limit, whatever comes; lines that were dropped leave a gap in the numbers.
 */
export function createLogCollector({ secrets, maxBytes = MAX_LOG_BYTES }: Options): LogCollector {
  const recent: string[] = [];
  const tail = createTail(maxBytes / 2);
  let headRoom = maxBytes / 2;
  let lineCount = 0;
  let ready: LogChunk[] = [];
  let block = createBlock(1);

  const closeBlock = () => {
    if (block.lineCount() > 0) ready.push(block.close());
    block = createBlock(lineCount + 1);
  };

  const add = (mark: "o" | "e", text: string, textBytes: number) => {
    recent.push(text);
    if (recent.length > MAX_RECENT_LINES) recent.shift();
    const line = mark + text;
    const bytes = textBytes + 2;
    if (bytes > headRoom) {
      headRoom = 0;
      tail.add(lineCount + 1, line, bytes);
    } else {
      headRoom -= bytes;
      if (!block.hasRoom(bytes)) closeBlock();
      block.add(line, bytes);
    }
    lineCount += 1;
  };

  const takeChunks = () => {
    closeBlock();
    const chunks = ready;
    ready = [];
    return chunks;
  };

  const readers = {
    stdout: createLineReader(secrets, (line, bytes) => add("o", line, bytes)),
    stderr: createLineReader(secrets, (line, bytes) => add("e", line, bytes)),
  };

  return {
    write: (stream, chunk) => readers[stream].write(chunk),
    takeChunks,
    preview: tail.preview,
    finish: () => {
      readers.stdout.finish();
      readers.stderr.finish();
      return [...takeChunks(), ...tail.close()];
    },
    lastLines: (count) => (count > 0 ? recent.slice(-count) : []),
    droppedBytes: tail.droppedBytes,
  };
}
