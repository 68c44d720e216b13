import { parseArgs } from "node:util";

export type BenchOptions = {
  only: readonly string[];
  rounds: number;
  quick: boolean;
  json: boolean;
  strict: boolean;
  withCeilings: boolean;
  concurrency: number;
};

/** The command line is not understood; the message says what it could be. */
export class OptionError extends Error {}

const HELP = `npm run bench -- [options]
  --only W1,W3       these workloads alone: W1 to W6, graph, reads, prune, idle
  --rounds 3         measure each so often and show the medians
  --quick            less work, for a first impression
  --ours             without the ceilings
  --concurrency 500  slots of a worker (default 1000)
  --json             print JSON instead of the table
  --strict           exit with 1 also when a "must" does not hold`;

/** The options of the command line; throws an OptionError with the possible ones when it does not understand them. */
export function readOptions(args: string[], workloadIds: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "1" },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        ours: { type: "boolean", default: false },
        concurrency: { type: "string", default: "1000" },
      },
    });
    const { only, quick, json, strict, ours } = values;
    return {
      only: only === undefined ? workloadIds : chooseIds(only, workloadIds),
      rounds: wholeNumber(values.rounds),
      concurrency: wholeNumber(values.concurrency),
      quick,
      json,
      strict,
      withCeilings: !ours,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OptionError(`${reason}\n${HELP}`);
  }
}

function chooseIds(only: string, workloadIds: readonly string[]): string[] {
  return only.split(",").map((name) => {
    const id = workloadIds.find((each) => each.toLowerCase() === name.trim().toLowerCase());
    if (!id) throw new Error(`There is no workload "${name}".`);
    return id;
  });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`"${text}" is not a number from 1 to 9999.`);
  return Number(text);
}
