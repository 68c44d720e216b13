import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { followLogs } from "./live-logs";

type Answer = (response: ServerResponse) => void;

let closeServer = () => undefined as unknown;
afterEach(() => closeServer());

/** A log stream that answers each connection in its own way; resolves with what was read once all are used up. */
async function follow(answers: Answer[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("id: \nevent: subscribed\ndata\n\n");
    answers[requests.length]?.(response);
    requests.push(request);
  });
  closeServer = () => server.closeAllConnections() ?? server.close();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");

  const done = new AbortController();
  const texts: string[] = [];
  const session = {
    port: address.port,
    token: "t",
    describeEnd: () => null,
    close: async () => undefined,
  };
  const following = followLogs(session, done.signal, ({ stream, text }) => {
    texts.push(`${stream} ${text}`);
  });
  await vi.waitFor(() => expect(requests.length).toBe(answers.length + 1), 10_000);
  done.abort();
  await following;
  return { texts, positions: requests.map(({ headers }) => headers["x-last-event-id"]) };
}

const record = (stream: 1 | 2, stringValue: string) =>
  JSON.stringify({
    body: { stringValue },
    attributes: [{ key: "stdio.stream", value: { intValue: `${stream}` } }],
  });

function event(id: number, records: string[]) {
  const scope = `{"scope":{"name":"dagger.io/engine.buildkit"},"logRecords":[${records.join(",")}]}`;
  return `id: ${id}\nevent: logs\ndata: {"resourceLogs":[{"scopeLogs":[${scope}]}]}\n\n`;
}

describe("the log stream", () => {
  it("is taken up after the last whole event when it breaks", async () => {
    const { texts, positions } = await follow([
      (response) => response.end(event(3, [record(1, "a")])),
      (response) => response.end(),
      (response) => response.end(event(5, [record(1, "b")])),
    ]);

    expect(texts).toEqual(["stdout a", "stdout b"]);
    expect(positions).toEqual([undefined, "3", "3", "5"]);
  });

  it("repeats nothing of an event in which it broke", async () => {
    const [a, b, c, d] = [record(1, "a"), record(2, "b"), record(1, "c"), record(1, "c")] as const;
    const cutBefore = (text: string, part: string) => text.slice(0, text.lastIndexOf(part) + 9);
    const { texts, positions } = await follow([
      (response) => response.end(cutBefore(event(2, [a, b]), b)),
      (response) => response.end(cutBefore(event(3, [a, b, c]), c)),
      // By now there are more records, and so they are in the same event.
      (response) => response.end(event(4, [a, b, c, d])),
      (response) => response.end(event(5, [a])),
    ]);

    expect(texts).toEqual(["stdout a", "stderr b", "stdout c", "stdout c", "stdout a"]);
    expect(positions).toEqual([undefined, undefined, undefined, "4", "5"]);
  });

  it("goes on after an event that cannot be read", async () => {
    const { texts } = await follow([
      (response) => response.end('id: 1\ndata: {"logRecords":[{]}\n\n'),
      (response) => response.end(event(1, [record(1, "a")])),
    ]);

    expect(texts).toEqual(["stdout a"]);
  });
});
