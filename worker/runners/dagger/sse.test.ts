import { describe, expect, it } from "vitest";
import { readEventParts } from "./sse";

/** The events of a stream, each with its data as a whole. */
async function read(chunks: (string | Uint8Array)[]) {
  async function* body() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const events: { id: string; data: string }[] = [];
  let event = { id: "", data: "" };
  for await (const part of readEventParts(body())) {
    if (part.kind === "id") event.id = part.id;
    if (part.kind === "data") event.data += part.text;
    if (part.kind !== "end") continue;
    events.push({ ...event, data: event.data.trim() });
    event = { id: "", data: "" };
  }
  return events;
}

describe("server-sent events", () => {
  it("are split where a blank line is", async () => {
    const text = "id: 1\nevent: logs\ndata: one\n\nid: 2\ndata: two\n\n";

    const expected = [
      { id: "1", data: "one" },
      { id: "2", data: "two" },
    ];
    expect(await read([text])).toEqual(expected);
    expect(await read([...text])).toEqual(expected);
    expect(await read([text.replaceAll("\n", "\r\n")])).toEqual(expected);
  });

  it("may have several lines of data, and their id after them", async () => {
    expect(await read(["data: [1,\ndata:2]\nid: 7\n\n"])).toEqual([{ id: "7", data: "[1,2]" }]);
  });

  it("may have neither data nor an id", async () => {
    const nothing = { id: "", data: "" };

    expect(await read(["id: \nevent: subscribed\ndata\n\n: comment\n\n"])).toEqual([
      nothing,
      nothing,
    ]);
  });

  it("that were cut off have no end", async () => {
    expect(await read(["id: 1\ndata: whole\n\nid: 2\ndata: ha"])).toEqual([
      { id: "1", data: "whole" },
    ]);
  });

  it("may cut a character in two between chunks", async () => {
    const bytes = Buffer.from("id: 1\ndata: 日本\n\n");

    expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([
      { id: "1", data: "日本" },
    ]);
  });

  it("of 30 MB in small chunks are read whole", async () => {
    const chunk = "x".repeat(16 * 1024);
    const [event] = await read(["data: ", ...Array<string>(2_000).fill(chunk), "\n\n"]);

    expect(event?.data.length).toBe(2_000 * chunk.length);
  });

  it("are given up when a field that is not data does not end", async () => {
    await expect(read(["event: ", "x".repeat(10_000)])).rejects.toThrow("did not end");
  });
});
