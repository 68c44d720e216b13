import { describeBestWays } from "./ceilings/best-way";
import { BenchContext } from "./context";
import { readOptions } from "./options";
import { formatTable } from "./print-table";
import { type Result, summarise } from "./results";
import { BenchServer } from "./server";
import type { Figure, Workload } from "./workload";
import { besideOthers } from "./workloads/beside-others";
import { graphs } from "./workloads/graphs";
import { idleCost } from "./workloads/idle-cost";
import { idleStart } from "./workloads/idle-start";
import { independent } from "./workloads/independent";
import { largeGraph } from "./workloads/large-graph";
import { reads } from "./workloads/reads";
import { severalWorkers } from "./workloads/several-workers";
import { wideAndLong } from "./workloads/wide-and-long";

// `npm run bench`: how fast the engine is on this machine, beside what the same database can do by hand.

const workloads: readonly Workload[] = [
  independent,
  idleStart,
  graphs,
  wideAndLong,
  besideOthers,
  severalWorkers,
  largeGraph,
  reads,
  idleCost,
];

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const chosen = workloads.filter(({ id }) => options.only?.includes(id.toLowerCase()) ?? true);
  const server = await BenchServer.start();
  const context = new BenchContext({ server, say, ...options });
  try {
    say(await server.describe());
    const results: Result[] = [];
    for (const workload of chosen)
      results.push(...(await measure(context, workload, options.rounds)));
    const { problems } = context;
    const notes = [...context.notes, ...describeBestWays()];
    if (options.json) write(JSON.stringify({ results, notes, problems }, null, 2));
    else write(formatTable(results));
    for (const note of notes) say(note);
    for (const problem of problems) say(`WRONG: ${problem}`);
    const isMissed = results.some(({ holdsMust }) => holdsMust === false);
    return problems.length > 0 || (options.strict && isMissed) ? 1 : 0;
  } finally {
    await context.end();
    await server.stop();
  }
}

async function measure(
  context: BenchContext,
  workload: Workload,
  rounds: number,
): Promise<Result[]> {
  const figures: Partial<Record<string, Figure>>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const startedAt = performance.now();
    figures.push(await workload.measure(context));
    say(`${workload.id} round ${round}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return Object.entries(workload.rows).flatMap(([key, row]) => {
    const ofRow = figures.flatMap((figure) => figure[key] ?? []);
    return ofRow.length > 0 ? summarise(workload.id, row, ofRow) : [];
  });
}

/** What is not the result goes to standard error, so that `--json` can be piped. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
