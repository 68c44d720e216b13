import type { Fault } from "./soak-options";

/** What the figures of the report count. */
export type Figure =
  | "kills"
  | "stops"
  | "staleFinishes"
  | "crashes"
  | "lostCommits"
  | "cancels"
  | "diamonds";

/** What fifteen minutes must reach for the figures to mean something; other lengths in proportion. */
const IN_15_MINUTES: Record<Figure, number> = {
  kills: 1000,
  stops: 200,
  staleFinishes: 30,
  crashes: 50,
  lostCommits: 200,
  cancels: 1000,
  diamonds: 10_000,
};

const FAULT_OF = {
  kills: "kill",
  stops: "stop",
  staleFinishes: "stop",
  crashes: "postgres",
  lostCommits: "commit",
  cancels: "cancel",
  diamonds: "diamonds",
} as const satisfies Record<Figure, Fault>;

/** How often each thing must have been done; nothing for what was not asked for. */
export function targetOf(
  figure: Figure,
  options: { minutes: number; faults: ReadonlySet<Fault> },
): number {
  if (!options.faults.has(FAULT_OF[figure])) return 0;
  return Math.floor((IN_15_MINUTES[figure] * options.minutes) / 15);
}
