import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import type { OutputStream } from "@/worker/runners/runner";

const PIECE_BYTES = 32 * 1024;
/** The engine cuts at 1,000 records; here the engine's memory is the test's own, which a test measures. */
const MAX_BATCH_BYTES = 1024 * 1024;

export type LogStore = ReturnType<typeof createLogStore>;

/** The log records of one session, kept on disk like the engine's, so that a flood of output costs no memory. */
export function createLogStore(folder: string) {
  const file = path.join(folder, "records.ndjson");
  const descriptor = openSync(file, "a+");

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
    writeSync(descriptor, `${JSON.stringify(record)}\n`);
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
    /** The next whole records after a position, as one OTLP request, and the position behind them; null when there are none. */
    read(from: number): { json: string; next: number } | null {
      const available = Math.min(statSync(file).size - from, MAX_BATCH_BYTES);
      if (available <= 0) return null;
      const bytes = Buffer.alloc(available);
      readSync(descriptor, bytes, 0, available, from);
      const end = bytes.lastIndexOf("\n") + 1;
      if (end === 0) return null;
      const records = bytes.toString("utf8", 0, end - 1).replaceAll("\n", ",");
      return { json: toRequest(records), next: from + end };
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
function toRequest(records: string): string {
  const noise = `{"body":{"stringValue":"never to be seen"},"attributes":[{"key":"stdio.stream","value":{"intValue":"1"}}]}`;
  const verbose = `{"body":{"stringValue":"never to be seen"},"attributes":[{"key":"stdio.stream","value":{"intValue":"1"}},{"key":"dagger.io/logs.verbose","value":{"boolValue":true}}]}`;
  const scope = (name: string, content: string) =>
    `{"scope":{"name":"${name}"},"logRecords":[${content}]}`;
  const scopes = `${scope("dagger.io/core", noise)},${scope("dagger.io/engine.buildkit", `${verbose},${records}`)}`;
  return `{"resourceLogs":[{"resource":{},"scopeLogs":[${scopes}]}]}`;
}
