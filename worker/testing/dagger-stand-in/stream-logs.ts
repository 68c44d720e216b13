import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { StandInSession } from "./session";

/** How often the engine looks for new records. */
const POLL_MS = 100;

type LogRequest = {
  session: StandInSession;
  request: IncomingMessage;
  response: ServerResponse;
  /** How long each event takes to be made. */
  pauseMs: number;
};

/** Sends the session's log records as server-sent events, from the one after X-Last-Event-ID, until either side closes. */
export async function streamLogs(logRequest: LogRequest): Promise<void> {
  const { session, request, response, pauseMs } = logRequest;
  const gone = new AbortController();
  session.logStreams.add(response);
  response.on("close", () => {
    session.logStreams.delete(response);
    gone.abort();
  });
  const signal = AbortSignal.any([gone.signal, session.signal]);
  let at = Number(request.headers["x-last-event-id"] ?? 0);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("id: \nevent: subscribed\ndata\n\n");
  while (!signal.aborted) {
    const batch = session.logs.read(at);
    if (batch === null) {
      await delay(POLL_MS, null, { signal }).catch(() => undefined);
      continue;
    }
    at = batch.last;
    if (pauseMs > 0) await delay(pauseMs, null, { signal }).catch(() => undefined);
    response.write(`id: ${at}\nevent: logs\ndata: `);
    for (const piece of batch.pieces()) {
      const isFull = !response.write(piece);
      if (isFull) await once(response, "drain", { signal }).catch(() => undefined);
    }
    response.write("\n\n");
  }
  response.end();
}
