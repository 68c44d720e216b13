import { parseArgs } from "node:util";

export type BenchOptions = {
  only: string[] | null;
  rounds: number;
  quick: boolean;
  json: boolean;
  strict: boolean;
  withCeilings: boolean;
  concurrency: number;
};

const HELP = `npm run bench -- [options]
  --only W1,W3       these workloads alone: W1 to W6, graph, reads, idle
  --rounds 3         measure each so often and show the medians
  --quick            less work, for a first impression
  --ours             without the ceilings
  --concurrency 500  slots of a worker (default 1000)
  --json             print JSON instead of the table
  --strict           exit with 1 also when a "must" does not hold`;

/** The options of the command line; throws with the possible ones when it does not understand. */
export function readOptions(args: string[]): BenchOptions {
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
      only: only?.split(",").map((id) => id.trim().toLowerCase()) ?? null,
      rounds: wholeNumber(values.rounds),
      concurrency: wholeNumber(values.concurrency),
      quick,
      json,
      strict,
      withCeilings: !ours,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${HELP}`);
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`"${text}" is not a number from 1 to 9999.`);
  return Number(text);
}
