import { closeSync, openSync, readSync, writeSync } from "node:fs";
import path from "node:path";
import type { OutputStream } from "@/worker/runners/runner";

const PIECE_BYTES = 32 * 1024;
/** As in the engine. With full pieces one batch is 32 MB of text, and that in a single event. */
const MAX_BATCH_RECORDS = 1_000;
const READ_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
const COMMA = 0x2c;

export type LogStore = ReturnType<typeof createLogStore>;

/** The log records of one session, kept on disk like the engine's, so that a flood of output costs no memory. */
export function createLogStore(folder: string) {
  const descriptor = openSync(path.join(folder, "records.ndjson"), "a+");
  /** Where each record ends in the file; records are counted from 1. */
  const ends = [0];

  function append(traceId: string, stream: OutputStream, text: string, isEnd: boolean): void {
    const attributes = [
      { key: "stdio.stream", value: { intValue: stream === "stdout" ? "1" : "2" } },
      ...(isEnd ? [{ key: "stdio.eof", value: { boolValue: true } }] : []),
    ];
    const record = {
      timeUnixNano: `${Date.now()}000000`,
      body: isEnd ? {} : { stringValue: text },
      attributes,
      traceId: Buffer.from(traceId, "hex").toString("base64"),
      spanId: Buffer.from(traceId.slice(0, 16), "hex").toString("base64"),
    };
    const written = writeSync(descriptor, `${JSON.stringify(record)}\n`);
    ends.push((ends.at(-1) ?? 0) + written);
  }

  /** The bytes of records, with commas between them. Piece by piece: the memory of a test is the worker's too. */
  function* readRecords(after: number, last: number): Generator<Buffer> {
    const end = (ends[last] ?? 0) - 1;
    for (let at = ends[after] ?? 0; at < end; at += READ_BYTES) {
      const bytes = Buffer.alloc(Math.min(READ_BYTES, end - at));
      readSync(descriptor, bytes, 0, bytes.length, at);
      for (let i = bytes.indexOf(LINE_FEED); i !== -1; i = bytes.indexOf(LINE_FEED, i))
        bytes[i] = COMMA;
      yield bytes;
    }
  }

  return {
    /** Stores a chunk in pieces; a piece that is not valid UTF-8 is lost, as it is in the engine. */
    write(traceId: string, stream: OutputStream, chunk: Uint8Array): void {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const text = decode(chunk.subarray(at, at + PIECE_BYTES));
        if (text !== null) append(traceId, stream, text, false);
      }
    },
    end: (traceId: string, stream: OutputStream) => append(traceId, stream, "", true),
    /** The records after one, as pieces of one OTLP request, and the number of its last; null when there are none. */
    read(after: number): { last: number; pieces: () => Generator<string | Buffer> } | null {
      const last = Math.min(ends.length - 1, after + MAX_BATCH_RECORDS);
      if (last <= after) return null;
      return { last, pieces: () => toRequest(readRecords(after, last)) };
    },
    close: () => closeSync(descriptor),
  };
}

function decode(chunk: Uint8Array): string | null {
  try {
    return new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(chunk);
  } catch {
    return null;
  }
}

/** With messages of other scopes and verbose ones around it, which nobody should see. */
function* toRequest(records: Iterable<Buffer>): Generator<string | Buffer> {
  const noise = `{"body":{"stringValue":"never to be seen"},"attributes":[{"key":"stdio.stream","value":{"intValue":"1"}}]}`;
  const verbose = `{"body":{"stringValue":"never to be seen"},"attributes":[{"key":"stdio.stream","value":{"intValue":"1"}},{"key":"dagger.io/logs.verbose","value":{"boolValue":true}}]}`;
  const resource = `{"attributes":[{"key":"service.name","value":{"stringValue":"dagger-engine"}}]}`;
  yield `{"resourceLogs":[{"resource":${resource},"scopeLogs":[`;
  yield `{"scope":{"name":"dagger.io/core"},"logRecords":[${noise}]},`;
  yield `{"scope":{"name":"dagger.io/engine.buildkit"},"logRecords":[${verbose},`;
  yield* records;
  yield "]}]}]}";
}
