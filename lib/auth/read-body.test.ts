import { describe, expect, it } from "vitest";
import { EngineError } from "@/lib/domain/errors";
import { readJsonBody } from "./read-body";

const JSON_TYPE = { "content-type": "application/json" };

type Body = ConstructorParameters<typeof Request>[1];

function read(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  init: Body = {},
  maxBytes = 1024,
) {
  const whole: Body & { duplex: "half" } = {
    method: "POST",
    headers: JSON_TYPE,
    ...init,
    body,
    duplex: "half",
  };
  const request = new Request("http://localhost/", whole);
  return readJsonBody(request, { maxBytes, timeoutMs: 100 });
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return "accepted";
  } catch (error) {
    return error instanceof EngineError ? error.code : "fault";
  }
}

it.each([
  "application/json",
  "application/json; charset=utf-8",
  'APPLICATION/JSON;charset="UTF-8"',
])("reads a body that is %s", async (type) => {
  expect(await read('{"a":"é"}', { headers: { "content-type": type } })).toEqual({ a: "é" });
});

it.each([
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "application/json, text/plain",
  "application/json; charset=utf-16",
  "text/json",
  "",
])("reads no body that is %j", async (type) => {
  expect(await codeOf(read("{}", { headers: { "content-type": type } }))).toBe(
    "unsupported_media_type",
  );
});

it("reads no body that does not say what it is, or is compressed", async () => {
  const bytes = new TextEncoder().encode("{}");

  expect(await codeOf(read(bytes, { headers: {} }))).toBe("unsupported_media_type");
  expect(await codeOf(read("{}", { headers: { ...JSON_TYPE, "content-encoding": "gzip" } }))).toBe(
    "unsupported_media_type",
  );
});

it("takes no body at all for no fields", async () => {
  const request = new Request("http://localhost/", { method: "POST" });

  expect(await readJsonBody(request, { maxBytes: 10 })).toEqual({});
});

it.each([
  ["a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])],
  ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0])],
  ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
])("refuses %s", async (_, bytes) => {
  expect(await codeOf(read(bytes))).toBe("invalid_json");
});

describe("a body that is too large", () => {
  it("is refused by what it says of itself, before it is read", async () => {
    const headers = { ...JSON_TYPE, "content-length": "300000000" };

    expect(await codeOf(read(endless().stream, { headers }))).toBe("too_large");
  });

  it("is refused after the limit, whatever it says of itself", async () => {
    const { stream, taken, cancelled } = endless();

    expect(await codeOf(read(stream))).toBe("too_large");
    expect(taken()).toBeLessThan(10);
    expect(cancelled()).toBe(true);
  });

  it("is one byte larger than the limit", async () => {
    expect(await codeOf(read(`"${"x".repeat(1022)}"`))).toBe("accepted");
    expect(await codeOf(read(`"${"x".repeat(1023)}"`))).toBe("too_large");
  });
});

it("gives up on a body that does not come", async () => {
  expect(await codeOf(read(new ReadableStream()))).toBe("request_timeout");
});

/** A body without end, in pieces of 512 bytes. */
function endless() {
  let pieces = 0;
  let isCancelled = false;
  const stream = new ReadableStream({
    pull(controller) {
      pieces++;
      controller.enqueue(new Uint8Array(512));
    },
    cancel() {
      isCancelled = true;
    },
  });
  return { stream, taken: () => pieces, cancelled: () => isCancelled };
}
