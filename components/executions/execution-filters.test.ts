import { expect, it } from "vitest";
import { type ExecutionAddress, filtersOf, hasFilter, toggled } from "./execution-filters";

const EMPTY: ExecutionAddress = {
  status: [],
  priority: [],
  project: null,
  graph: null,
  run: null,
  task: null,
  q: "",
};

it("asks for the same list whatever the order of the statuses in the address", () => {
  const one = filtersOf({ ...EMPTY, status: ["TIMEOUT", "FAILED"] });
  const other = filtersOf({ ...EMPTY, status: ["FAILED", "TIMEOUT"] });

  expect(one).toEqual(other);
});

it("leaves out an id that is none", () => {
  const id = "0190f3a2-1c2d-7000-8000-00000000000a";

  expect(filtersOf({ ...EMPTY, run: id, project: "../admin" })).toMatchObject({
    runId: id,
    projectId: null,
  });
});

it("searches without the spaces around", () => {
  expect(filtersOf({ ...EMPTY, q: "  etl " }).text).toBe("etl");
});

it.each([
  [EMPTY, false],
  [{ ...EMPTY, q: "a" }, true],
  [{ ...EMPTY, status: ["FAILED" as const] }, true],
  [{ ...EMPTY, graph: "x" }, true],
])("knows whether anything is filtered", (address, expected) => {
  expect(hasFilter(address)).toBe(expected);
});

it("puts in what is missing and takes out what is there", () => {
  expect(toggled(["a"], "b")).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
});
