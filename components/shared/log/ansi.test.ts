import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAnsi, plainText } from "./ansi";

const ESC = "\u001b";

it("leaves ordinary text alone", () => {
  expect(parseAnsi("a < b & <script>")).toMatchObject([{ text: "a < b & <script>" }]);
});

it.each([
  ["31", { color: "red" }],
  ["1;32", { color: "green", bold: true }],
  ["90", { color: "gray" }],
  ["93", { color: "yellow" }],
  ["44", { background: "blue" }],
  ["38;5;1", { color: "red" }],
  ["38;5;9", { color: "red" }],
  ["38;5;200", { color: null }],
  ["38;2;255;0;0;1", { color: null, bold: true }],
  ["4;3", { underline: true, italic: true }],
  ["", { color: null, bold: false }],
])("reads the style of %j", (codes, style) => {
  expect(parseAnsi(`${ESC}[${codes}mtext`)).toMatchObject([{ text: "text", style }]);
});

it("ends a style where it is reset", () => {
  expect(parseAnsi(`${ESC}[31mred${ESC}[0m plain`)).toMatchObject([
    { text: "red", style: { color: "red" } },
    { text: " plain", style: { color: null } },
  ]);
});

it.each([
  ["moving the cursor", `${ESC}[2K${ESC}[1Adone`, "done"],
  ["private modes", `${ESC}[?25lhidden`, "hidden"],
  ["the window's title", `${ESC}]0;title\u0007text`, "text"],
  ["links", `${ESC}]8;;javascript:alert(1)${ESC}\\click${ESC}]8;;${ESC}\\`, "click"],
])("drops %s", (_, line, text) => {
  expect(plainText(line)).toBe(text);
});

it("shows an escape that is none", () => {
  expect(plainText(`before ${ESC}[`)).toBe("before \u241b[");
});

it("shows characters that would turn the text round", () => {
  expect(plainText("user\u202etxt.exe")).toBe("user\ufffdtxt.exe");
});

it("never lets an escape through, whatever comes", () => {
  const piece = fc.constantFrom(ESC, "[", "m", "31", ";", "]", "\u0007", "x", "?", "\u202e");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = plainText(pieces.join(""));
      expect(text.includes(ESC) || text.includes("\u202e")).toBe(false);
    }),
  );
});
