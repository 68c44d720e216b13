import { describeBestWays } from "./ceilings/best-way";
import { BenchContext } from "./context";
import { readOptions } from "./options";
import { formatTable } from "./print-table";
import { type Result, summarise } from "./results";
import { BenchServer } from "./server";
import type { Figure, Workload } from "./workload";
import { graphs } from "./workloads/graphs";
import { idleStart } from "./workloads/idle-start";
import { independent } from "./workloads/independent";
import { wideAndLong } from "./workloads/wide-and-long";

// `npm run bench`: how fast the engine is on this machine, beside what the same database can do by hand.

const workloads: readonly Workload[] = [independent, idleStart, graphs, wideAndLong];

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const chosen = workloads.filter(({ id }) => options.only?.includes(id) ?? true);
  const server = await BenchServer.start();
  const context = new BenchContext({ server, ...options });
  try {
    say(await server.describe());
    const results: Result[] = [];
    for (const workload of chosen)
      results.push(...(await measure(context, workload, options.rounds)));
    if (options.json) write(JSON.stringify({ results, problems: context.problems }, null, 2));
    else write(formatTable(results));
    for (const way of describeBestWays()) say(`fastest by hand, ${way}`);
    for (const problem of context.problems) say(`WRONG: ${problem}`);
    const isMissed = results.some(({ holdsMust }) => holdsMust === false);
    return context.problems.length > 0 || (options.strict && isMissed) ? 1 : 0;
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
  return Object.entries(workload.rows).map(([key, row]) =>
    summarise(
      workload.id,
      row,
      figures.flatMap((figure) => figure[key] ?? []),
    ),
  );
}

/** What is not the result goes to standard error, so that `--json` can be piped. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
