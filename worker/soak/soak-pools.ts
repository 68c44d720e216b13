import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { type Random, weighted, wholeBetween } from "@/lib/testing/random";

/** The pools of a soak: how many slots each has, of how many keys, and how often a task is in it; "none" is in none. */
export const POOLS = {
  narrow: { slots: 2, keys: 0, weight: 8 },
  wide: { slots: 6, keys: 0, weight: 14 },
  /** So few slots that each key has one thing after the other. */
  keyed: { slots: 1, keys: 4, weight: 12 },
  /** Its slots are changed again and again. */
  resized: { slots: 3, keys: 0, weight: 8 },
} as const satisfies Record<string, { slots: number; keys: number; weight: number }>;

const NONE = 58;

/** The fewest and the most slots of the pool whose slots are changed. */
const RESIZED: [number, number] = [1, 5];

type PoolName = keyof typeof POOLS;

/** Which pool a task is in, and with which key; nothing for one that is in none. */
export function randomPool(random: Random): Pick<ExecutionOverrides, "pool" | "poolKey"> {
  const weights = Object.fromEntries(
    Object.entries(POOLS).map(([name, { weight }]) => [name, weight]),
  ) as Record<PoolName, number>; // the keys of POOLS
  const pool = weighted<PoolName | "none">({ none: NONE, ...weights }, random());
  if (pool === "none") return {};
  const { keys } = POOLS[pool];
  return keys > 0 ? { pool, poolKey: `key${wholeBetween(random, 1, keys)}` } : { pool };
}

/** The slots that a share stands for. */
export function resizedSlots(share: number): number {
  return wholeBetween(() => share, ...RESIZED);
}
