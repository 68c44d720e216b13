import type { BenchContext } from "./context";

/** One measured value and the ceilings measured beside it; null where there is none. */
export type Figure = { ours: number; bare: number | null; full: number | null };

/** A value without ceilings. */
export function onlyOurs(ours: number): Figure {
  return { ours, bare: null, full: null };
}

/** What a value has to reach, by itself or as a share of the full ceiling. */
export type Target = { atLeast?: number; atMost?: number; ofFull?: number };

export type Row = {
  title: string;
  unit: "/s" | "ms" | "s" | "%" | "×" | "";
  must: Target | null;
  moonshot: Target | null;
};

export type Workload<Key extends string = string> = {
  id: string;
  rows: Record<Key, Row>;
  /** Measures once; the benchmark repeats it and takes medians. */
  measure: (context: BenchContext) => Promise<Partial<Record<Key, Figure>>>;
};
