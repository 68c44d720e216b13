import { createHash } from "node:crypto";

/** Gives the next number, from 0 to below 1. */
export type Random = () => number;

/** The numbers that a seed and a name decide (mulberry32); other names give numbers that have nothing to do with them. */
export function randomStream(seed: number, name: string): Random {
  let state = createHash("sha256").update(`${seed}:${name}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number between two others. */
export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}

/** A whole number between two others, both included. */
export function wholeBetween(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** The element at a share of the list: 0 is the first, just below 1 the last; undefined when the list is empty. */
export function elementAt<T>(list: readonly T[], share: number): T | undefined {
  return list[Math.floor(share * list.length)];
}

/** One of the keys, each as often as its weight says. */
export function weighted<K extends string>(weights: Readonly<Record<K, number>>, share: number): K {
  const entries = Object.entries(weights) as [K, number][]; // Object.entries widens the keys to string
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = share * total;
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  throw new Error("There is nothing to choose from.");
}
