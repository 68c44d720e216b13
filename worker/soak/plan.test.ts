import { expect, it } from "vitest";
import { makePlan } from "./plan";
import { parseSoakOptions } from "./soak-options";
import { POOLS } from "./soak-pools";
import { type Figure, targetOf } from "./targets";

const planOf = (...args: string[]) => makePlan(parseSoakOptions(["--seed", "1", ...args]));

it("does the same again for the same seed, and something else for another", () => {
  const first = planOf("--minutes", "2");

  expect(planOf("--minutes", "2")).toEqual(first);
  expect(planOf("--minutes", "2", "--seed", "2").digest).not.toBe(first.digest);
});

it("plans more of everything than the figures need, since not all of it hits", () => {
  const options = parseSoakOptions(["--seed", "1", "--minutes", "15"]);
  const { faults } = makePlan(options);
  const spare = (fault: string, figure: Figure) =>
    faults.filter((planned) => planned.fault === fault).length / targetOf(figure, options);

  expect(spare("kill", "kills")).toBeGreaterThan(1.15);
  expect(spare("stop", "stops")).toBeGreaterThan(1.15);
  expect(spare("commit", "lostCommits")).toBeGreaterThan(1.5);
  expect(spare("cancel", "cancels")).toBeGreaterThan(1.15);
  expect(spare("postgres", "crashes")).toBeGreaterThan(1);
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
