import { type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { authorization } from "./client";
import { type LogRecord, parseLogRecords } from "./log-records";
import type { DaggerSession } from "./session";
import { readEvents } from "./sse";

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
  let lastEventId = "";
  while (!signal.aborted) {
    try {
      const body = await openStream(session, signal, lastEventId);
      for await (const event of readEvents(body)) {
        for (const record of parseLogRecords(event.data)) onRecord(record);
        lastEventId = event.id;
      }
    } catch {
      // Unreachable, cut off or unreadable: try again below.
    }
    await delay(RECONNECT_MS, null, { signal }).catch(() => undefined);
  }
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
    const call = request(url, { headers, signal }, (answer) => {
      if (answer.statusCode === 200) return resolve(answer);
      answer.resume();
      return reject(new Error(`The log stream answered ${answer.statusCode}.`));
    });
    call.on("error", reject);
    call.end();
  });
}
