import { describe, expect, it } from "vitest";
import { readEvents } from "./sse";

async function read(chunks: (string | Uint8Array)[]) {
  async function* body() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const events = [];
  for await (const event of readEvents(body())) events.push(event);
  return events;
}

describe("server-sent events", () => {
  it("are split where a blank line is", async () => {
    const text = "id: 1\nevent: logs\ndata: one\n\nid: 2\ndata: two\ndata: lines\n\n";

    const expected = [
      { id: "1", data: "one" },
      { id: "2", data: "two\nlines" },
    ];
    expect(await read([text])).toEqual(expected);
    expect(await read([...text])).toEqual(expected);
    expect(await read([text.replaceAll("\n", "\r\n")])).toEqual(expected);
  });

  it("without data are passed over", async () => {
    expect(await read(["id: \nevent: subscribed\ndata\n\n: comment\n\n"])).toEqual([]);
  });

  it("that were cut off are not given", async () => {
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
});
