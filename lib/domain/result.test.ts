import { describe, expect, it } from "vitest";
import { EngineError } from "./errors";
import { MAX_RESULT_BYTES } from "./limits";
import { parseTaskOutput } from "./result";

function codeOf(text: string): string {
  try {
    parseTaskOutput(text);
    return "accepted";
  } catch (error) {
    return error instanceof EngineError ? error.code : "fault";
  }
}

describe("parseTaskOutput", () => {
  it.each([
    ["no file", null, {}],
    ["an empty file", " \n", {}],
    ["lines", "a=1\n# note\n\nb=x=y\r\nc=", { a: "1", b: "x=y", c: "" }],
    ["a key given twice", "a=1\na=2", { a: "2" }],
    ["an object", ' {"n": 1, "list": [true, null]}', { n: 1, list: [true, null] }],
    [
      "names that every object has",
      "constructor=1\ntoString=2",
      { constructor: "1", toString: "2" },
    ],
  ])("reads %s", (_, text, outputs) => {
    expect(parseTaskOutput(text)).toEqual(outputs);
  });

  it.each([
    ["a line without a value", "just words", "invalid"],
    ["a line without a name", "=1", "invalid"],
    ["a name with a space", "a b=1", "invalid"],
    ["an object cut off", '{"a":', "invalid"],
    ["an empty name", '{"":1}', "invalid"],
    ["a key named __proto__ among lines", "__proto__=1", "invalid"],
    ["a key named __proto__ in an object", '{"__proto__":{}}', "invalid"],
    ["a NUL", "a=\0", "invalid"],
    ["half a surrogate pair", '{"a":"\\ud800"}', "invalid"],
    ["too many levels", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, "invalid"],
    ["more than a result may hold", `a=${"x".repeat(MAX_RESULT_BYTES)}`, "too_large"],
  ])("refuses %s", (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
