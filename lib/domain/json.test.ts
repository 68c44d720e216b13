import { describe, expect, it } from "vitest";
import { EngineError } from "./errors";
import { exceedsBytes, findJsonProblem, parseJson, utf8Length } from "./json";

function codeOf(text: string): string | null {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    return error instanceof EngineError ? error.code : "fault";
  }
}

describe("parseJson", () => {
  it("parses what is JSON", () => {
    expect(parseJson('{"a":[1,"]}",null]}')).toEqual({ a: [1, "]}", null] });
  });

  it.each(["", "{{{", '{"a":1', "[1,]", "{a:1}", "\ufeff{}", "// a\n{}", "NaN", "undefined"])(
    "refuses %j",
    (text) => {
      expect(codeOf(text)).toBe("invalid_json");
    },
  );

  it.each([5_000, 100_000])("refuses %i levels before it builds them", (depth) => {
    expect(codeOf("[".repeat(depth))).toBe("too_deep");
    expect(codeOf(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`)).toBe("too_deep");
  });

  it("takes 32 levels, and counts no brackets within strings", () => {
    expect(codeOf("[".repeat(32) + "]".repeat(32))).toBeNull();
    expect(codeOf("[".repeat(33) + "]".repeat(33))).toBe("too_deep");
    expect(codeOf(JSON.stringify('\\"[['.repeat(100)))).toBeNull();
  });
});

describe("findJsonProblem", () => {
  it.each([
    ["an ordinary value", { a: [1, "b", null, true, { c: {} }] }],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 })],
    ["names that every object has", { constructor: 1, toString: 2 }],
  ])("finds none in %s", (_, value) => {
    expect(findJsonProblem(value, 1000)).toBeNull();
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  it.each([
    ["NaN", { a: Number.NaN }],
    ["infinity", [Number.POSITIVE_INFINITY]],
    ["a date", { a: new Date() }],
    ["a map", new Map()],
    ["undefined", { a: undefined }],
    ["a function", { a: () => 1 }],
    ["a big integer", { a: 1n }],
    ["a NUL in a value", { a: "\0" }],
    ["a NUL in a key", { "\0": 1 }],
    ["half a surrogate pair", ["\ud800"]],
    ["a key named __proto__", JSON.parse('{"__proto__":{"role":"admin"}}')],
    ["itself", cyclic],
    ["too much", ["x".repeat(1000)]],
  ])("finds %s", (_, value) => {
    expect(findJsonProblem(value, 1000)).toEqual(expect.any(String));
  });
});

describe("exceedsBytes", () => {
  it("counts a part that appears many times as often as it appears", () => {
    const part = { text: "x".repeat(100) };

    expect(exceedsBytes([part], 1000)).toBe(false);
    expect(exceedsBytes(Array(10).fill(part), 1000)).toBe(true);
  });

  it("ends with a value that holds itself", () => {
    const value: unknown[] = [];
    value.push(value, value);

    expect(exceedsBytes(value, 1024 * 1024)).toBe(true);
  });
});

it("measures text in UTF-8", () => {
  expect(utf8Length("aé€𝒳")).toBe(1 + 2 + 3 + 4);
});
