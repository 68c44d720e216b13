import { type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { authorization } from "./client";
import { createRecordReader, type LogRecord } from "./log-records";
import type { DaggerSession } from "./session";
import { readEventParts } from "./sse";

const RECONNECT_MS = 250;

/**
 * Follows what containers print, while they print it, until the signal aborts. A broken stream is taken up where it broke;
 * one that cannot be had at all is no error, because the whole output is read again when a command has ended.
 */
export async function followLogs(
  session: DaggerSession,
  signal: AbortSignal,
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  const position: Position = { lastEventId: "", passed: new Map() };
  while (!signal.aborted) {
    try {
      const body = await openStream(session, signal, position.lastEventId);
      await readStream(body, position, onRecord);
    } catch {
      // Unreachable, cut off or unreadable: try again below.
    }
    await delay(RECONNECT_MS, null, { signal }).catch(() => undefined);
  }
}

/** How many records of each trace and stream. */
type Counts = Map<string, number>;

/** How far the stream was read: up to an event, and of the one after it so many records. */
type Position = { lastEventId: string; passed: Counts };

async function readStream(
  body: AsyncIterable<Uint8Array>,
  position: Position,
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  let eventId = "";
  let read = createRecordReader();
  const met: Counts = new Map();
  for await (const part of readEventParts(body)) {
    if (part.kind === "id") eventId = part.id;
    if (part.kind === "data") {
      const records = read(part.text);
      for (const record of records.filter((each) => isNew(each, met, position.passed)))
        onRecord(record);
    }
    // The engine greets with an event that has no id.
    if (part.kind !== "end" || eventId === "") continue;
    position.lastEventId = eventId;
    position.passed.clear();
    met.clear();
    eventId = "";
    read = createRecordReader();
  }
}

/** False for a record of a broken event that was passed on before it broke: such an event comes again from its beginning. */
function isNew(record: LogRecord, met: Counts, passed: Counts): boolean {
  const series = `${record.traceId} ${record.stream}`;
  const count = (met.get(series) ?? 0) + 1;
  met.set(series, count);
  if (count <= (passed.get(series) ?? 0)) return false;
  passed.set(series, count);
  return true;
}

function openStream(
  session: DaggerSession,
  signal: AbortSignal,
  lastEventId: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: authorization(session),
      ...(lastEventId !== "" && { "X-Last-Event-ID": lastEventId }),
    };
    const url = `http://127.0.0.1:${session.port}/v1/logs`;
    const call = request(url, { headers, signal, agent: false }, (answer) => {
      if (answer.statusCode === 200) return resolve(answer);
      answer.resume();
      return reject(new Error(`The log stream answered ${answer.statusCode}.`));
    });
    call.on("error", reject);
    call.end();
  });
}
