import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type Simulation, simulate } from "@/lib/testing/simulation/simulate";

// One seed again, with what happened: SIMULATION_SEED=17 npx vitest run --project db simulation
// biome-ignore lint/style/noProcessEnv: a variable of this test alone, which the product's configuration does not know
const given = process.env.SIMULATION_SEED;
const SEEDS = given ? [Number(given)] : Array.from({ length: 10 }, (_, i) => i + 1);

let test: TestDatabase;
const simulations: Simulation[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it.each(SEEDS)(
  "survives crashes, sleeps and lost answers of three workers, seed %i",
  async (seed) => {
    const simulation = await simulate(test.db, test.sql, seed);

    simulations.push(simulation);
    expect(simulation.violated, simulation.journal.join("\n")).toBeNull();
  },
);

it.skipIf(given)("provoked what it is to survive", () => {
  const sum = (of: "faults" | "refused") => simulations.reduce((n, each) => n + each[of], 0);

  expect(sum("faults")).toBeGreaterThan(50);
  expect(sum("refused")).toBeGreaterThan(10);
});

it("does the same again for the same seed", async () => {
  const again = await simulate(test.db, test.sql, SEEDS[0] ?? 1);

  expect(again.journal).toEqual(simulations[0]?.journal);
});
