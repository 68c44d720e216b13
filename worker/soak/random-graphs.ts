import { priorities } from "@/lib/domain/priority";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { between, elementAt, type Random, weighted, wholeBetween } from "@/lib/testing/random";
import { randomPool } from "./soak-pools";

/** The most tasks a graph has. */
export const MAX_TASKS = 12;

export type SoakTask = {
  /** Places, in this graph, of the tasks it waits for; all before its own. */
  dependsOn: number[];
  kind: TaskKind;
  /** How long its command takes. */
  seconds: number;
  overrides: ExecutionOverrides;
};

export type SoakGraph = {
  atMs: number;
  tasks: SoakTask[];
  /** How far ahead its start is scheduled; 0 for at once. */
  startsInMs: number;
};

export type TaskKind = keyof typeof KINDS;

/** How often each kind of task comes, how long its command takes, and how the task is retried. */
const KINDS = {
  quick: { weight: 24, seconds: [0, 0] },
  steady: { weight: 44, seconds: [0.05, 1.5] },
  /** Outlasts a lease. */
  long: { weight: 5, seconds: [4, 7] },
  /** Uses what a task before it has put out. */
  reading: { weight: 10, seconds: [0, 0.3] },
  /** Fails at first, and succeeds on its retry. */
  unsteady: { weight: 7, seconds: [0, 0.3] },
  failing: { weight: 3, seconds: [0, 0.2] },
  endless: { weight: 2, seconds: [60, 60] },
  /** Ignores SIGTERM and leaves processes in the background that try to get away. */
  stubborn: { weight: 4, seconds: [0.3, 1.2] },
  noisy: { weight: 1, seconds: [0, 0] },
  /** Its stored params are spoiled before it is due. */
  poisoned: { weight: 0.5, seconds: [0, 0] },
} as const satisfies Record<string, { weight: number; seconds: [number, number] }>;

const RETRIES = {
  unsteady: { retryStrategy: "FIXED_DELAY", retryDelaySeconds: 1, maxRetries: 2 },
  failing: { retryStrategy: "IMMEDIATE", maxRetries: 1 },
  endless: { retryStrategy: "NONE", timeoutSeconds: 1 },
} as const satisfies Partial<Record<TaskKind, ExecutionOverrides>>;

const SHAPES = { single: 3, chain: 2, fan: 2, diamond: 2, layers: 4 };
/** Of so many graphs one is scheduled ahead. */
const ONE_IN_LATER = 8;

/** A graph as its numbers decide it. */
export function randomGraph(
  random: Random,
  { atMs, flood }: { atMs: number; flood: boolean },
): SoakGraph {
  const shape = randomShape(random);
  const weights = Object.fromEntries(
    Object.entries(KINDS).map(([kind, { weight }]) => [kind, weight]),
  ) as Record<TaskKind, number>; // the keys of KINDS
  if (!flood) weights.noisy = 0;
  const tasks = shape.map((dependsOn) => randomTask(random, dependsOn, weights));
  const isPoisoned = tasks.some(({ kind }) => kind === "poisoned");
  const isLater = isPoisoned || random() < 1 / ONE_IN_LATER;
  return { atMs, tasks, startsInMs: isLater ? wholeBetween(random, 1500, 3000) : 0 };
}

function randomTask(
  random: Random,
  dependsOn: number[],
  weights: Readonly<Record<TaskKind, number>>,
): SoakTask {
  const drawn = weighted(weights, random());
  const kind = drawn === "reading" && dependsOn.length === 0 ? "steady" : drawn;
  const [low, high] = KINDS[kind].seconds;
  const seconds = Math.round(between(random, low, high) * 100) / 100;
  const priority = elementAt(priorities, random()) ?? "MEDIUM";
  const retries = kind in RETRIES ? RETRIES[kind as keyof typeof RETRIES] : {}; // checked by `in`
  const overrides = { priority, ...retries, ...randomPool(random) };
  return { dependsOn, kind, seconds, overrides };
}

/** For each task the places of those it waits for. */
function randomShape(random: Random): number[][] {
  const size = wholeBetween(random, 2, MAX_TASKS - 2);
  const middle = Array.from({ length: size }, (_, i) => i + 1);
  switch (weighted(SHAPES, random())) {
    case "single":
      return [[]];
    case "chain":
      return Array.from({ length: Math.ceil(size / 2) }, (_, i) => (i === 0 ? [] : [i - 1]));
    case "fan":
      return [[], ...middle.map(() => [0]), middle];
    case "diamond":
      return [[], [0], [0], [1, 2]];
    case "layers":
      return randomLayers(random, size);
  }
}

/** Layers of three; each task waits for one or two of the layer before. */
function randomLayers(random: Random, size: number): number[][] {
  return Array.from({ length: size }, (_, i) => {
    const first = Math.floor(i / 3) * 3 - 3;
    if (first < 0) return [];
    const chosen = [first + wholeBetween(random, 0, 2), first + wholeBetween(random, 0, 2)];
    return [...new Set(chosen)];
  });
}
