import * as z from "zod";

const changeSchema = z.object({ topics: z.array(z.string()) });
const databaseSchema = z.object({ available: z.boolean() });
const REOPEN_MS = 2_000;

export type StreamHandlers = {
  /** The stream is open and hears everything from now on: what is shown may be older. */
  onReady: () => void;
  onTopics: (topics: string[]) => void;
  onLost: () => void;
  /** The server still answers, but its database went away or came back. */
  onDatabase: (available: boolean) => void;
};

export type EventStream = { close: () => void; reopen: () => void };

/** Opens the server's stream of hints and keeps it open until it is closed. */
export function openEventStream(handlers: StreamHandlers): EventStream {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function close(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function open(): void {
    close();
    const opened = new EventSource("/api/events");
    source = opened;
    opened.addEventListener("ready", handlers.onReady);
    opened.addEventListener("change", ({ data }) => handlers.onTopics(parseTopics(data)));
    opened.addEventListener("database", ({ data }) => {
      handlers.onDatabase(databaseSchema.safeParse(JSON.parse(data)).data?.available ?? true);
    });
    opened.onerror = () => {
      handlers.onLost();
      // The browser reconnects by itself after a broken connection, but gives up after an answer such as 503.
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_MS);
    };
  }

  open();
  return { close, reopen: open };
}

/** The topics of a hint; one that cannot be read counts as "anything may have changed". */
function parseTopics(data: string): string[] {
  try {
    return changeSchema.parse(JSON.parse(data)).topics;
  } catch {
    return ["*"];
  }
}
