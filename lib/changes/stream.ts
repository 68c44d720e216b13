import { onShutdown } from "@/lib/shutdown";
import type { ChangeHub } from "./hub";
import { condense } from "./topics";

/** At most five hints a second for each client, however much happens. */
const FLUSH_MS = 200;
/** Keeps the connection from looking idle to whatever stands between. */
const COMMENT_MS = 15_000;
/** A client that lets this many messages wait is cut off; its browser connects anew and then reads everything again. */
const MAX_WAITING = 64;
/** After how long a browser connects again. */
const RETRY_MS = 1_000;

/** Server-sent events of what changes, until the client goes, falls behind, or this process stops. */
export function openChangeStream(hub: ChangeHub, signal: AbortSignal): ReadableStream<Uint8Array> {
  let stop: () => void = () => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = startSending(hub, controller, signal);
      },
      cancel: () => stop(),
    },
    { highWaterMark: MAX_WAITING },
  );
}

/** Sends until it is stopped; returns how to stop it. */
function startSending(
  hub: ChangeHub,
  controller: ReadableStreamDefaultController<Uint8Array>,
  signal: AbortSignal,
): () => void {
  const encoder = new TextEncoder();
  const topics = new Set<string>();
  let flushing: NodeJS.Timeout | undefined;
  const ending: (() => void)[] = [];

  function send(text: string): void {
    if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(text));
    else close();
  }

  function sendEvent(event: string, data: unknown): void {
    send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function flush(): void {
    flushing = undefined;
    sendEvent("change", { topics: condense(topics) });
    topics.clear();
  }

  function stop(): void {
    clearTimeout(flushing);
    for (const end of ending.splice(0)) end();
  }

  function close(): void {
    if (ending.length === 0) return;
    stop();
    controller.close();
  }

  const comments = setInterval(() => send(":\n\n"), COMMENT_MS);
  signal.addEventListener("abort", close);
  ending.push(
    () => clearInterval(comments),
    () => signal.removeEventListener("abort", close),
    onShutdown(close),
  );
  send(`retry: ${RETRY_MS}\n\n`);
  ending.push(
    hub.subscribe({
      onReady: () => sendEvent("ready", {}),
      onDatabase: (available) => sendEvent("database", { available }),
      onTopics: (more) => {
        for (const topic of more) topics.add(topic);
        flushing ??= setTimeout(flush, FLUSH_MS);
      },
    }),
  );
  if (signal.aborted) close();
  return stop;
}
