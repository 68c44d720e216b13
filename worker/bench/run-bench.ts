import { cpus, loadavg } from "node:os";
import { describeBestWays } from "./ceilings/best-way";
import { BenchContext } from "./context";
import { type BenchOptions, OptionError, readOptions } from "./options";
import { formatTable } from "./print-table";
import { type Result, summarise } from "./results";
import { BenchServer } from "./server";
import type { Figure, Workload } from "./workload";
import { besideOthers } from "./workloads/beside-others";
import { besidePruner } from "./workloads/beside-pruner";
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
  besidePruner,
  idleCost,
];

async function main(): Promise<number> {
  const ids = workloads.map(({ id }) => id);
  const options = readOptions(process.argv.slice(2), ids);
  const server = await BenchServer.start();
  const context = new BenchContext({ server, say, ...options });
  const cleanUp = async () => {
    await context.end();
    await server.stop();
  };
  // The server is detached, so that Ctrl+C does not reach it.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  try {
    const machine = await describeMachine(server);
    say(machine);
    say(`${options.concurrency} slots for each worker, ${options.rounds} round(s).`);
    if (options.quick) say("Quick form: less work than the titles say.");
    const results: Result[] = [];
    for (const workload of workloads.filter(({ id }) => options.only.includes(id)))
      results.push(...(await measure(context, workload, options.rounds)));
    return report({ machine, results, context, options });
  } finally {
    await cleanUp();
  }
}

async function describeMachine(server: BenchServer): Promise<string> {
  const load = loadavg()[0]?.toFixed(1);
  return `${cpus().length} processors, load ${load}, Node.js ${process.version}, ${await server.describe()}`;
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

/** Prints what was found; returns the exit code. */
function report({
  machine,
  results,
  context,
  options,
}: {
  machine: string;
  results: Result[];
  context: BenchContext;
  options: BenchOptions;
}): number {
  const { problems } = context;
  const notes = [...context.notes, ...describeBestWays()];
  const { quick, rounds, concurrency } = options;
  const all = { machine, quick, rounds, concurrency, results, notes, problems };
  write(options.json ? JSON.stringify(all, null, 2) : formatTable(results));
  for (const note of notes) say(note);
  for (const problem of problems) say(`WRONG: ${problem}`);
  const isMissed = results.some(({ holdsMust }) => holdsMust === false);
  return problems.length > 0 || (options.strict && isMissed) ? 1 : 0;
}

/** What is not the result goes to standard error, so that `--json` can be piped. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
