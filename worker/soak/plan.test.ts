import { expect, it } from "vitest";
import { makePlan } from "./plan";
import { parseSoakOptions } from "./soak-options";
import { POOLS } from "./soak-pools";
import { targetOf } from "./targets";

const planOf = (...args: string[]) => makePlan(parseSoakOptions(["--seed", "1", ...args]));

it("does the same again for the same seed, and something else for another", () => {
  const first = planOf("--minutes", "2");

  expect(planOf("--minutes", "2")).toEqual(first);
  expect(planOf("--minutes", "2", "--seed", "2").digest).not.toBe(first.digest);
});

it("plans at least as much of everything as the figures need", () => {
  const options = parseSoakOptions(["--seed", "1", "--minutes", "15"]);
  const { faults } = makePlan(options);
  const count = (fault: string) => faults.filter((planned) => planned.fault === fault).length;

  expect(count("kill")).toBeGreaterThanOrEqual(targetOf("kills", options));
  expect(count("stop")).toBeGreaterThanOrEqual(targetOf("stops", options));
  expect(count("postgres")).toBeGreaterThanOrEqual(targetOf("crashes", options));
  expect(count("commit")).toBeGreaterThanOrEqual(targetOf("lostCommits", options));
  expect(count("cancel")).toBeGreaterThanOrEqual(targetOf("cancels", options));
});

it("does only what was asked for", () => {
  const { faults, graphs } = planOf("--faults", "kill,pause");

  expect(new Set(faults.map(({ fault }) => fault))).toEqual(new Set(["kill", "pause"]));
  expect(graphs.flatMap(({ tasks }) => tasks).some(({ kind }) => kind === "noisy")).toBe(false);
});

it("plans nothing but the load when no fault is wanted", () => {
  const { faults, graphs } = planOf("--faults", "none");

  expect(faults).toEqual([]);
  expect(graphs.length).toBeGreaterThan(1000);
});

it("draws executions of every pool, and of none", () => {
  const overrides = planOf().graphs.flatMap(({ tasks }) => tasks.map((task) => task.overrides));
  const drawn = new Set(overrides.map(({ pool }) => pool));

  expect(drawn).toEqual(new Set([undefined, ...Object.keys(POOLS)]));
  expect(
    overrides.every(({ pool, poolKey }) => (poolKey ? pool === "keyed" : pool !== "keyed")),
  ).toBe(true);
});

it("draws graphs whose tasks wait only for tasks before them", () => {
  for (const { tasks } of planOf().graphs)
    for (const [place, { dependsOn }] of tasks.entries())
      expect(dependsOn.every((other) => other >= 0 && other < place)).toBe(true);
});

it.each([
  ["--workers", "3"],
  ["--minutes", "soon"],
  ["--faults", "kill,meteor"],
])("refuses %s %s with a sentence", (...args) => {
  expect(() => parseSoakOptions(args)).toThrow(`${args[0]} is not possible`);
});
