export type ServerSentEvent = { id: string; data: string };

/** The engine puts up to 1,000 pieces of 32 KiB into one event, and JSON writes a NUL as six characters. */
const MAX_EVENT_LENGTH = 256 * 1024 * 1024;

/** Splits a stream of server-sent events; events without data are passed over. Throws when one does not end. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let event = { id: "", data: [] as string[] };
  for await (const line of readLines(body)) {
    if (line === "") {
      if (event.data.length > 0) yield { id: event.id, data: event.data.join("\n") };
      event = { id: "", data: [] };
    }
    if (line.startsWith("id:")) event.id = line.slice(3).trim();
    if (line.startsWith("data:")) event.data.push(line.slice(5).trimStart());
  }
}

/** Chunks are joined only where a line ends: one event can be 30 MB long and come in thousands of chunks. */
async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let open: string[] = [];
  let openLength = 0;
  for await (const chunk of body) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      yield (open.join("") + line).replace(/\r$/, "");
      open = [];
      openLength = 0;
    }
    open.push(last);
    openLength += last.length;
    if (openLength > MAX_EVENT_LENGTH) throw new Error("A server-sent event did not end.");
  }
}
