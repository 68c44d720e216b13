import { createHash } from "node:crypto";
import { between, type Random, randomStream, weighted } from "@/lib/testing/random";
import { randomGraph, type SoakGraph } from "./random-graphs";
import type { Fault, SoakOptions } from "./soak-options";
import { targetOf } from "./targets";

/** Something that is to be done to the system at a moment. */
export type PlannedFault = {
  atMs: number;
  fault: Fault;
  /** Which way of doing it. */
  variant: string;
  /** How long it lasts, where it lasts. */
  seconds: number;
  /** Chooses whom it hits among those who can be hit at that moment. */
  share: number;
};

export type Plan = {
  /** How long faults and graphs go on. */
  durationMs: number;
  faults: PlannedFault[];
  graphs: SoakGraph[];
  /** Tells whether two runs had the same plan. */
  digest: string;
};

/** The rest of the time is for coming to rest, the diamonds and the last checks. */
const SHARE_UNDER_FAULTS = 0.87;
const GRAPHS_PER_SECOND = 1.8;

type Way = { seconds?: [number, number]; variants?: Record<string, number> };

const WAYS: Partial<Record<Fault, Way>> = {
  // Longer than the lease of three seconds, shorter than the longest tasks.
  stop: { seconds: [3.4, 4.8] },
  // A black hole outlasts the lease, so that whoever is cut off must have ended its commands by then.
  partition: { seconds: [4, 6.5], variants: { "black hole": 6, resets: 2, slow: 1 } },
  disk: { seconds: [4, 6] },
  cancel: { variants: { execution: 12, forced: 6, run: 1 } },
  retry: { variants: { execution: 2, downstream: 1, run: 2 } },
  pause: { seconds: [0.5, 2.5], variants: { run: 1, execution: 1 } },
};

const CRASHES = { "server killed": 6, "backend killed": 2, "immediate stop": 2 };
const DISTURBANCES = { restart: 1, "connections cut": 1, "statements cancelled": 1 };

/** More than the figures ask for, since some will find nobody to hit, or come a moment too late. */
const SPARE = { kill: 1.22, stop: 1.25, commit: 3.6, cancel: 1.3 };
/** How often the faults without a figure come in fifteen minutes. */
const WITHOUT_FIGURE = {
  stale: 300,
  drain: 60,
  partition: 110,
  clock: 300,
  disk: 4,
  resize: 120,
  breaker: 20,
  retry: 150,
  pause: 150,
};
const DISTURBANCES_IN_15_MINUTES = 12;

/** What will be done, and when: decided by the options alone, so that the same seed does the same again. */
export function makePlan(options: SoakOptions): Plan {
  const durationMs = options.minutes * 60_000 * SHARE_UNDER_FAULTS;
  const plan = { durationMs, faults: planFaults(options, durationMs), graphs: planGraphs() };
  const digest = createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 12);
  return { ...plan, digest };

  function planGraphs(): SoakGraph[] {
    const count = Math.ceil((durationMs / 1000) * GRAPHS_PER_SECOND);
    const times = spread(randomStream(options.seed, "times of graphs"), count, durationMs);
    const flood = options.faults.has("flood");
    return times.map((atMs, i) =>
      randomGraph(randomStream(options.seed, `graph ${i}`), { atMs, flood }),
    );
  }
}

function planFaults(options: SoakOptions, durationMs: number): PlannedFault[] {
  const inProportion = (count: number) => Math.ceil((count * options.minutes) / 15);
  const counts: Partial<Record<Fault, number>> = {
    kill: targetOf("kills", options) * SPARE.kill,
    stop: targetOf("stops", options) * SPARE.stop,
    commit: targetOf("lostCommits", options) * SPARE.commit,
    cancel: targetOf("cancels", options) * SPARE.cancel,
    ...Object.fromEntries(
      Object.entries(WITHOUT_FIGURE).map(([fault, count]) => [fault, inProportion(count)]),
    ),
  };
  const of = (fault: Fault, name: string, count: number, way: Way = {}) => {
    if (!options.faults.has(fault)) return [];
    const random = randomStream(options.seed, name);
    return spread(random, Math.ceil(count), durationMs).map(
      (atMs): PlannedFault => ({ atMs, fault, share: random(), ...chooseWay(random, way) }),
    );
  };
  const planned = Object.entries(counts).flatMap(([name, count]) => {
    const fault = name as Fault; // a key of the record above
    return of(fault, fault, count, WAYS[fault]);
  });
  const crashes = targetOf("crashes", options) + 1;
  planned.push(
    ...of("postgres", "crashes", crashes, { variants: CRASHES }),
    ...of("postgres", "disturbances", inProportion(DISTURBANCES_IN_15_MINUTES), {
      variants: DISTURBANCES,
    }),
  );
  return planned.sort((a, b) => a.atMs - b.atMs);
}

function chooseWay(random: Random, { seconds = [0, 0], variants = { "": 1 } }: Way) {
  return { variant: weighted(variants, random()), seconds: between(random, ...seconds) };
}

/** So many moments, evenly spread but for chance: one at random in each part of the time. */
function spread(random: Random, count: number, durationMs: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(((i + random()) * durationMs) / count));
}
