import { expect, it } from "vitest";
import { EngineError } from "@/lib/domain/errors";
import { checkActionRequest } from "./check-action-request";

const ACTION = { "next-action": "00", "content-type": "text/plain;charset=UTF-8" };

async function codeOf(
  body: string,
  headers: Record<string, string> = ACTION,
  method = "POST",
): Promise<string> {
  const length = { "content-length": String(body.length) };
  const request = new Request("http://localhost/", {
    method,
    headers: { ...length, ...headers },
    body,
  });
  try {
    await checkActionRequest(request);
    return "accepted";
  } catch (error) {
    return error instanceof EngineError ? error.code : "fault";
  }
}

it.each([
  ["plain data", [{ name: "a", list: [1, null, true] }]],
  ["a text that starts with a dollar sign", ["$$HOME"]],
  ["what JSON lacks", ["$undefined", "$NaN", "$Infinity", "$-Infinity", "$-0", "$n12", "$D2026"]],
  ["a part that appears twice", [{ a: { list: [] }, b: "$0:0:a", c: "$0:0:a:list" }]],
])("lets %s pass", async (_, value) => {
  expect(await codeOf(JSON.stringify(value))).toBe("accepted");
});

it.each([
  ["nothing", ""],
  ["a body that is cut off", '[{"a":'],
  ["garbage", "{{{"],
  ["an object in place of a list", "{}"],
  ["a function", '["$F1"]'],
  ["a promise", '["$@1"]'],
  ["a map", '["$Q1"]'],
  ["a form", '["$K1"]'],
  ["a part of another body", '["$1"]'],
  ["a part that does not exist", '[{"a":"$0:9:9"}]'],
  ["a part that every object inherits", '[{"a":"$0:0:constructor"}]'],
  ["a number of a megabyte", `["$n${"9".repeat(1_000_000)}"]`],
])("refuses %s", async (_, body) => {
  expect(await codeOf(body)).toBe("invalid_json");
});

it("refuses depth, before Next.js would overflow", async () => {
  expect(await codeOf("[".repeat(20_000) + "]".repeat(20_000))).toBe("too_deep");
});

it("refuses forms, files and whatever else is no plain data", async () => {
  for (const type of ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]) {
    expect(await codeOf("[]", { ...ACTION, "content-type": type })).toBe("unsupported_media_type");
  }
});

it("refuses everything that calls no action", async () => {
  expect(await codeOf("[]", { "content-type": "text/plain" })).toBe("invalid");
  expect(await codeOf("[]", ACTION, "PUT")).toBe("invalid");
  expect(await codeOf("[]", ACTION, "DELETE")).toBe("invalid");
});

it("refuses a request beyond 8 MiB by its length", async () => {
  expect(await codeOf("[]", { ...ACTION, "content-length": "8388609" })).toBe("too_large");
});
