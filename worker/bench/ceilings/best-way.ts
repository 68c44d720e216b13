import type { Way } from "./drain";

const WAYS: readonly Way[] = [
  { batch: 250, connections: 1 },
  { batch: 500, connections: 1 },
  { batch: 1000, connections: 1 },
  { batch: 2000, connections: 1 },
  { batch: 250, connections: 2 },
  { batch: 500, connections: 2 },
  { batch: 1000, connections: 2 },
];
/** As many connections as any way needs. */
export const MAX_CONNECTIONS = Math.max(...WAYS.map(({ connections }) => connections));

const found = new Map<string, Way>();

/**
 * The fastest way to drain something by hand, so that the ceiling is as high as it can be. Every way is tried once for each
 * thing in a run of the benchmark; `take` returns what it took.
 */
export async function findBestWay(what: string, take: (way: Way) => Promise<number>): Promise<Way> {
  const known = found.get(what);
  if (known) return known;
  const tried: { way: Way; took: number }[] = [];
  for (const way of WAYS) tried.push({ way, took: await take(way) });
  const [best] = tried.sort((a, b) => a.took - b.took);
  if (!best) throw new Error("No way was tried.");
  found.set(what, best.way);
  return best.way;
}

/** What was found, in words. */
export function describeBestWays(): string[] {
  return [...found].map(
    ([what, { batch, connections }]) =>
      `fastest by hand, ${what}: batches of ${batch}, ${connections} connection(s)`,
  );
}
