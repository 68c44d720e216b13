import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createObjectCutter } from "./object-cutter";

const KEYS = ["wanted", "list"];

function cutAll(pieces: string[]) {
  const cut = createObjectCutter(KEYS);
  return pieces.flatMap((piece) => cut(piece));
}

/** The same by the whole text: every object under one of the keys that is not within such an object. */
function findAll(value: unknown, key = ""): { key: string; json: string }[] {
  if (Array.isArray(value)) return value.flatMap((element) => findAll(element, key));
  if (typeof value !== "object" || value === null) return [];
  if (KEYS.includes(key)) return [{ key, json: JSON.stringify(value) }];
  return Object.entries(value).flatMap(([name, inner]) => findAll(inner, name));
}

describe("objects in a long JSON text", () => {
  it("are cut out as soon as they are complete", () => {
    const cut = createObjectCutter(KEYS);

    expect(cut('{"list":[{"a":1},{"a"')).toEqual([{ key: "list", json: '{"a":1}' }]);
    expect(cut(":[{}]}")).toEqual([{ key: "list", json: '{"a":[{}]}' }]);
    expect(cut('],"wanted":{')).toEqual([]);
    expect(cut("}}")).toEqual([{ key: "wanted", json: "{}" }]);
  });

  it.each([
    ['{"other":{"a":1}}', []],
    ['{"wanted":"{}","list":[1,"{",null]}', []],
    ['{"a":"wanted","b":{}}', []],
    ['{"a":"\\"wanted\\":{","wanted":{"b":"}\\\\"}}', ['{"b":"}\\\\"}']],
    ['{"wanted":{"list":[{}]},"b":{}}', ['{"list":[{}]}']],
    ['{ "list" : [ { } , [ { } ] ] }', ["{ }", "{ }"]],
  ])("are told from what only looks like them: %s", (text, expected) => {
    expect(cutAll([text]).map(({ json }) => json)).toEqual(expected);
    expect(cutAll([...text]).map(({ json }) => json)).toEqual(expected);
  });

  it("are the same, whatever the text is and wherever it is cut", () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.string({ unit: fc.constantFrom('"', "\\", "{", "}", "]", ":", "a", "\n", "日") }),
        fc.double(),
        fc.constantFrom(null, true, "wanted", "list"),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("wanted", "list", 'o"\\', "{"), tie("tree"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 9 }), (value, size) => {
        const text = JSON.stringify({ root: value });
        const pieces = text.match(new RegExp(`.{1,${size}}`, "gsu")) ?? [];
        expect(cutAll(pieces)).toEqual(findAll(JSON.parse(text)));
      }),
    );
  });

  it("are given up when one does not end", () => {
    const cut = createObjectCutter(KEYS);
    const piece = "x".repeat(1024 * 1024);
    cut('{"list":[{"a":"');

    expect(() => {
      for (let i = 0; i < 5; i += 1) cut(piece);
    }).toThrow("did not end");
  });
});
