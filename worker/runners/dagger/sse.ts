/** A piece of a server-sent event: its id, some of its data, or its end. */
export type EventPart =
  | { kind: "id"; id: string }
  | { kind: "data"; text: string }
  | { kind: "end" };

/** Longer than any field but data. */
const MAX_FIELD_LENGTH = 1024;

/**
 * Reads server-sent events in pieces, because one event of the engine can be 200 MB long and must never be held as a whole.
 * Data is handed out as it arrives, without what parts its lines: JSON never needs that.
 */
export async function* readEventParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<EventPart> {
  let field = "";
  let inData = false;
  for await (const { text, startsLine } of readLinePieces(body)) {
    if (startsLine && !inData) yield* toParts(field);
    if (startsLine) [field, inData] = ["", false];
    if (inData) {
      yield { kind: "data", text };
      continue;
    }
    field += text;
    inData = field.startsWith("data:");
    if (inData) yield { kind: "data", text: field.slice("data:".length) };
    else if (field.length > MAX_FIELD_LENGTH) throw new Error("A field of an event did not end.");
  }
}

type LinePiece = { text: string; startsLine: boolean };

async function* readLinePieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<LinePiece> {
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const pieces = decoder.decode(chunk, { stream: true }).split("\n");
    for (const [i, text] of pieces.entries()) yield { text, startsLine: i > 0 };
  }
}

/** What a line says that is not data; an event may have no id. */
function toParts(field: string): EventPart[] {
  const line = field.replace(/\r$/, "");
  if (line === "") return [{ kind: "end" }];
  const id = line.startsWith("id:") ? line.slice("id:".length).trim() : "";
  return id === "" ? [] : [{ kind: "id", id }];
}
