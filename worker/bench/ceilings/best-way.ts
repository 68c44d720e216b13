import type { Way } from "./drain";

/**
 * One connection, since ours is the figure of one worker: with two, the database alone would use two processors, of which
 * a worker needs one. Ours claims and completes at the same time while the queue is deep, and has its own work to do besides.
 */
const INDEPENDENT: readonly Way[] = [
  { batch: 250, connections: 1, keepsReleased: false },
  { batch: 500, connections: 1, keepsReleased: false },
  { batch: 1000, connections: 1, keepsReleased: false },
  { batch: 2000, connections: 1, keepsReleased: false },
];
const DEPENDENT: readonly Way[] = [
  { batch: 1000, connections: 1, keepsReleased: false },
  { batch: 500, connections: 1, keepsReleased: true },
  { batch: 1000, connections: 1, keepsReleased: true },
  { batch: 2000, connections: 1, keepsReleased: true },
];
/** One small graph: everything that is ready goes in one call. */
const NARROW: readonly Way[] = [
  { batch: 1000, connections: 1, keepsReleased: false },
  { batch: 1000, connections: 1, keepsReleased: true },
];
export const WAYS = { independent: INDEPENDENT, dependent: DEPENDENT, narrow: NARROW } as const;

const found = new Map<string, Way>();

/**
 * The fastest of some ways to drain something by hand, so that the ceiling is as high as it can be. Each is tried once for
 * each thing in a run of the benchmark; `take` returns what it took.
 */
export async function findBestWay(
  what: string,
  ways: readonly Way[],
  take: (way: Way) => Promise<number>,
): Promise<Way> {
  const known = found.get(what);
  if (known) return known;
  const tried: { way: Way; took: number }[] = [];
  for (const way of ways) tried.push({ way, took: await take(way) });
  const [best] = tried.sort((a, b) => a.took - b.took);
  if (!best) throw new Error("No way was tried.");
  found.set(what, best.way);
  return best.way;
}

/** What was found, in words. */
export function describeBestWays(): string[] {
  return [...found].map(([what, way]) => `fastest by hand, ${what}: ${describeWay(way)}`);
}

/** A way in words. */
export function describeWay({ batch, connections, keepsReleased }: Way): string {
  const kept = keepsReleased ? ", what is released is kept" : "";
  return `batches of ${batch}, ${connections} connection(s)${kept}`;
}
