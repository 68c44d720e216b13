import { median } from "./figures";
import type { Figure, Row, Target } from "./workload";

/** A row of the table: medians over the rounds, and what they say of the targets. */
export type Result = Row & {
  id: string;
  ours: number;
  bare: number | null;
  full: number | null;
  ofFull: number | null;
  holdsMust: boolean | null;
  holdsMoonshot: boolean | null;
  /** What each round gave. */
  rounds: Figure[];
};

/** What the rounds of one row come to. */
export function summarise(id: string, row: Row, rounds: Figure[]): Result {
  const ours = median(rounds.map((figure) => figure.ours));
  const bare = medianOfKnown(rounds.map((figure) => figure.bare));
  const full = medianOfKnown(rounds.map((figure) => figure.full));
  const ofFull = full === null ? null : ours / full;
  const holds = (target: Target | null) => target && reaches(target, ours, ofFull);
  const holdsMust = holds(row.must);
  const holdsMoonshot = holds(row.moonshot);
  return { ...row, id, ours, bare, full, ofFull, holdsMust, holdsMoonshot, rounds };
}

function reaches(target: Target, ours: number, ofFull: number | null): boolean {
  const { atLeast, atMost, ofFull: share } = target;
  if (atLeast !== undefined && !(ours >= atLeast)) return false;
  if (atMost !== undefined && !(ours <= atMost)) return false;
  return share === undefined || ofFull === null || ofFull >= share;
}

function medianOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? median(known) : null;
}
