import { describe, expect, it } from "vitest";
import { median, percentile } from "./figures";
import { formatTable } from "./print-table";
import { summarise } from "./results";
import { chain, fan, layers } from "./shapes";
import type { Figure, Row } from "./workload";

const row: Row = {
  title: "work",
  unit: "/s",
  must: { atLeast: 100, ofFull: 0.5 },
  moonshot: { atLeast: 500 },
};
const rounds = (...ours: number[]): Figure[] =>
  ours.map((each) => ({ ours: each, bare: null, full: 400 }));

describe("a row of the table", () => {
  it("shows the median of the rounds and its share of the ceiling", () => {
    expect(summarise("W1", row, rounds(100, 900, 300))).toMatchObject({ ours: 300, ofFull: 0.75 });
  });

  it.each([
    { ours: 300, must: true, moonshot: false },
    { ours: 150, must: false, moonshot: false },
    { ours: 600, must: true, moonshot: true },
    { ours: Number.NaN, must: false, moonshot: false },
  ])("says for $ours whether it holds the targets", ({ ours, must, moonshot }) => {
    const result = summarise("W1", row, rounds(ours));
    expect([result.holdsMust, result.holdsMoonshot]).toEqual([must, moonshot]);
  });

  it("has no share of a ceiling that was not measured", () => {
    const result = summarise("W1", row, [{ ours: 300, bare: null, full: null }]);
    expect([result.ofFull, result.holdsMust]).toEqual([null, true]);
  });

  it("is printed with its targets and what holds", () => {
    const line = formatTable([summarise("W1", row, rounds(1234))]).split("\n")[1];
    expect(line).toMatch(
      /W1\s+work\s+1,234\/s\s+400\/s\s+3\.\d+\s+≥ 100\/s, ≥ 0\.5 of full\s+holds/,
    );
  });
});

it("takes the value below which a share of the values lies", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 51, 96, 100]);
});

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[], Number.NaN],
])("takes the middle of %j", (values, middle) => {
  expect(median(values)).toBe(middle);
});

describe("the shapes", () => {
  it.each([
    ["fan", fan(8), 10, 16],
    ["chain", chain(200), 200, 199],
    ["layers", layers({ tasks: 10_000, dependencies: 20_000 }), 10_000, 20_000],
  ])(
    "a %s has the size it should and waits only for what comes before",
    (_, shape, tasks, edges) => {
      expect([shape.length, shape.flat().length]).toEqual([tasks, edges]);
      expect(
        shape.every((on, i) => on.every((other) => other < i) && new Set(on).size === on.length),
      ).toBe(true);
    },
  );
});
