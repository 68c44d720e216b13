import { describe, expect, it } from "vitest";
import { createRecordReader } from "./log-records";

const traceId = "0123456789abcdef0123456789abcdef";

function event(scope: string, ...logRecords: object[]) {
  return JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ scope: { name: scope }, logRecords }] }],
  });
}

function record(text: string | null, attributes: Record<string, object>) {
  return {
    timeUnixNano: "1",
    traceId: Buffer.from(traceId, "hex").toString("base64"),
    spanId: "AAAAAAAAAAE=",
    body: text === null ? {} : { stringValue: text },
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  };
}

/** Reads an event in pieces so small that every record is cut. */
function read(json: string) {
  const readPiece = createRecordReader();
  return (json.match(/.{1,7}/gsu) ?? []).flatMap((piece) => readPiece(piece));
}

const stdout = { "stdio.stream": { intValue: "1" } };
const stderr = { "stdio.stream": { intValue: "2" } };
const containers = "dagger.io/engine.buildkit";

describe("log records", () => {
  it("come with trace, stream and text, in order", () => {
    const json = event(containers, record("a\0ü\n", stdout), record("b", stderr));

    expect(read(json)).toEqual([
      { traceId, stream: "stdout", text: "a\0ü\n", isEnd: false },
      { traceId, stream: "stderr", text: "b", isEnd: false },
    ]);
  });

  it("come as soon as each is complete", () => {
    const readPiece = createRecordReader();
    const json = event(containers, record("a", stdout), record("b", stdout));
    const cut = json.lastIndexOf('{"timeUnixNano"');

    expect(readPiece(json.slice(0, cut))).toMatchObject([{ text: "a" }]);
    expect(readPiece(json.slice(cut))).toMatchObject([{ text: "b" }]);
  });

  it("tell the end of a stream", () => {
    const json = event(containers, record(null, { ...stderr, "stdio.eof": { boolValue: true } }));

    expect(read(json)).toEqual([{ traceId, stream: "stderr", text: "", isEnd: true }]);
  });

  it.each([
    ["of the engine itself", event("dagger.io/core", record("a", stdout))],
    [
      "that are verbose",
      event(containers, record("a", { ...stdout, "dagger.io/logs.verbose": { boolValue: true } })),
    ],
    ["without a stream", event(containers, record("a", {}))],
    ["of another stream", event(containers, record("a", { "stdio.stream": { intValue: "3" } }))],
  ])("%s are left out", (_name, json) => expect(read(json)).toEqual([]));

  it.each(["{}", '{"resourceLogs":[]}', '{"resourceLogs":[{"scopeLogs":[{}]}]}'])(
    "may be absent: %s",
    (json) => expect(read(json)).toEqual([]),
  );

  it("take attributes of any kind", () => {
    const other = { "some.list": { arrayValue: { values: [] } }, ...stdout };

    expect(read(event(containers, record("a", other)))).toHaveLength(1);
  });
});
