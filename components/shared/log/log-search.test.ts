import { expect, it } from "vitest";
import type { LogLine, LogMark } from "@/lib/client/log-lines";
import { filterLines, findErrors, findText, splitMatches, stepFrom } from "./log-search";

function linesOf(...texts: [LogMark, string][]): LogLine[] {
  return texts.map(([mark, text], i) => ({ number: i + 1, mark, text, at: "" }));
}

it("finds text across colours and case", () => {
  const lines = linesOf(["o", "build"], ["o", "\u001b[31mBui\u001b[0mLD done"], ["o", "end"]);

  expect(findText(lines, "build")).toEqual([0, 1]);
});

it("finds nothing for no text", () => {
  expect(findText(linesOf(["o", "a"]), "")).toEqual([]);
});

it("finds lines that speak of an error on either stream", () => {
  const lines = linesOf(
    ["o", "Error: no"],
    ["e", "warning"],
    ["e", "it failed"],
    ["o", "errors=0"],
  );

  expect(findErrors(lines)).toEqual([0, 2]);
});

it("takes standard error for errors when no line speaks of one", () => {
  expect(findErrors(linesOf(["o", "a"], ["e", "b"]))).toEqual([1]);
});

it("keeps remarks of the engine whatever stream is chosen", () => {
  const lines = linesOf(["o", "out"], ["e", "err"], ["s", "9 lines dropped"]);

  expect(filterLines(lines, "stdout").map(({ text }) => text)).toEqual(["out", "9 lines dropped"]);
  expect(filterLines(lines, "stderr").map(({ text }) => text)).toEqual(["err", "9 lines dropped"]);
  expect(filterLines(lines, "all")).toBe(lines);
});

it.each([
  [3, 1, 5],
  [5, 1, 1],
  [3, -1, 1],
  [1, -1, 5],
] as const)("goes from line %i by %i to %i", (from, step, to) => {
  expect(stepFrom([1, 5], from, step)).toBe(to);
});

it("goes nowhere when there is nothing", () => {
  expect(stepFrom([], 0, 1)).toBeNull();
});

it.each([
  ["aXbxc", "x", ["a", "[X]", "b", "[x]", "c"]],
  ["none", "x", ["none"]],
  ["xx", "x", ["[x]", "[x]"]],
  ["İx", "x", ["İx"]],
])("marks in %j what was searched for (%j)", (text, wanted, expected) => {
  const parts = splitMatches(text, wanted).map((part) =>
    part.match ? `[${part.text}]` : part.text,
  );

  expect(parts).toEqual(expected);
});
