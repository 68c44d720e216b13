import { onHealed } from "./connection";
import { openEventStream, type StreamHandlers } from "./event-stream";

/** What the tab with the stream tells the others, and what the others ask it. */
type Message =
  | { kind: "ready" }
  | { kind: "topics"; topics: string[] }
  | { kind: "state"; open: boolean }
  | { kind: "ask" };

type Handlers = StreamHandlers & { onOpen: () => void };

const NAME = "dagline-live";
const ASK_MS = 5_000;
const SILENCE_MS = 12_000;

export function canShareStream(): boolean {
  return "locks" in navigator && "BroadcastChannel" in globalThis && "EventSource" in globalThis;
}

/**
 * One stream for all tabs of this browser, because a browser opens six connections to a server and no more: whoever holds
 * the lock has the stream and passes hints on; when its tab closes, the lock goes to another one.
 */
export function shareStream(handlers: Handlers): () => void {
  const stopped = new AbortController();
  const channel = new BroadcastChannel(NAME);
  let stopFollowing = follow(channel, handlers);

  async function takeLead(): Promise<void> {
    stopFollowing();
    stopFollowing = () => undefined;
    const stopLeading = lead(channel, handlers);
    await new Promise((resolve) => stopped.signal.addEventListener("abort", resolve));
    stopLeading();
  }

  // Rejects when the page goes away while it still waits for the lock.
  navigator.locks
    .request(NAME, { signal: stopped.signal }, takeLead)
    .catch(() => undefined)
    .finally(() => channel.close());
  return () => {
    stopFollowing();
    stopped.abort();
  };
}

/** Has the stream, acts on it and passes it on. */
function lead(channel: BroadcastChannel, handlers: Handlers): () => void {
  const send = (message: Message) => channel.postMessage(message);
  let open = false;
  const stream = openEventStream({
    onReady: () => {
      open = true;
      handlers.onOpen();
      handlers.onReady();
      send({ kind: "ready" });
    },
    onTopics: (topics) => {
      handlers.onTopics(topics);
      send({ kind: "topics", topics });
    },
    // The others learn it from their own next request.
    onDatabase: handlers.onDatabase,
    onLost: () => {
      open = false;
      handlers.onLost();
      send({ kind: "state", open });
    },
  });
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "ask") send({ kind: "state", open });
  };
  // A connection that came back makes waiting for the browser's own reconnect needless.
  const stopHealing = onHealed(stream.reopen);
  return () => {
    stopHealing();
    stream.close();
  };
}

/** Acts on what the tab with the stream passes on; its silence counts as a lost stream. */
function follow(channel: BroadcastChannel, handlers: Handlers): () => void {
  const ask: Message = { kind: "ask" };
  let open = false;
  let lastHeardAt = Date.now();

  function setOpen(next: boolean): void {
    if (next === open) return;
    open = next;
    if (next) handlers.onOpen();
    else handlers.onLost();
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "ask") return;
    lastHeardAt = Date.now();
    setOpen(data.kind === "state" ? data.open : true);
    if (data.kind === "ready") handlers.onReady();
    if (data.kind === "topics") handlers.onTopics(data.topics);
  };
  channel.postMessage(ask);
  const asking = setInterval(() => {
    channel.postMessage(ask);
    if (Date.now() - lastHeardAt > SILENCE_MS) setOpen(false);
  }, ASK_MS);
  return () => clearInterval(asking);
}
