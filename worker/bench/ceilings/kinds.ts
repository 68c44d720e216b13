import type { BenchContext } from "@/worker/bench/context";
import { createBenchProject, scheduleShape } from "@/worker/bench/schedule";
import type { BenchDatabase } from "@/worker/bench/server";
import type { Shape } from "@/worker/bench/shapes";
import { fillBare, installBare } from "./bare";
import { installFull } from "./full";

/** One of the two ceilings: how its tables are set up and filled, and what must hold when the work is done. */
export type CeilingKind = {
  name: "bare" | "full";
  install: (database: BenchDatabase) => Promise<void>;
  /** Prepares for graphs of this shape; returns how one is scheduled. */
  prepare: (database: BenchDatabase, shape: Shape) => Promise<() => Promise<void>>;
  check: (context: BenchContext, database: BenchDatabase, what: string) => Promise<void>;
};

export const bare: CeilingKind = {
  name: "bare",
  install: installBare,
  prepare: async (database, shape) => () => fillBare(database, { shape, copies: 1 }),
  check: async ({ problems }, { sql }, what) => {
    const [row] = await sql<{ n: number }[]>`
      select count(*)::int as n from bench_jobs where status <> 2 or waits <> 0`;
    if (row && row.n > 0) problems.push(`${what}, bare: ${row.n} jobs are left.`);
  },
};

export const full: CeilingKind = {
  name: "full",
  install: installFull,
  prepare: async ({ db }, shape) => {
    const project = await createBenchProject(db, shape.length);
    return () => scheduleShape(db, project, shape);
  },
  // The product's own invariants: a ceiling that left something out would be a false one.
  check: (context, database, what) => context.check(database, `${what}, full`),
};
