import type { BenchContext } from "@/worker/bench/context";
import { percentile } from "@/worker/bench/figures";
import { findExamples } from "@/worker/bench/reads/examples";
import { listReads, type Read } from "@/worker/bench/reads/reads";
import { DASHBOARD_EXECUTIONS, loadDashboard } from "@/worker/bench/rows/dashboard";
import type { BenchDatabase } from "@/worker/bench/server";
import { onlyOurs, type Workload } from "@/worker/bench/workload";

/** The first calls open the connections. */
const UNMEASURED = 2;
const SHOWN = 10;

type Measured = { name: string; times: number[]; p95: number };

export const reads: Workload<"slowest" | "all"> = {
  id: "reads",
  rows: {
    slowest: {
      title: "100,000 executions: the screens' slowest read, p95",
      unit: "ms",
      must: { atMost: 50 },
      moonshot: null,
    },
    all: { title: "all their reads together, p95", unit: "ms", must: null, moonshot: null },
  },
  measure: (context) =>
    context.withDatabase(async (database) => {
      const projects = await loadDashboard(database, { scale: 1 });
      await database.sql`vacuum analyze`;
      await requireRows(context, database);
      const found = await findExamples(database.sql);
      const measured: Measured[] = [];
      for (const read of listReads({ projects, ...found }))
        measured.push(await measureRead(context, database, read));
      measured.sort((a, b) => b.p95 - a.p95);
      context.notes.push(...measured.slice(0, SHOWN).map(describeRead));
      const all = measured.flatMap(({ times }) => times);
      return {
        slowest: onlyOurs(measured[0]?.p95 ?? Number.NaN),
        all: onlyOurs(percentile(all, 0.95)),
      };
    }),
};

/** What was written past the engine must be what the engine could have written. */
async function requireRows(context: BenchContext, database: BenchDatabase): Promise<void> {
  const [row] = await database.sql<{ n: number }[]>`select count(*)::int as n from executions`;
  if (row?.n !== DASHBOARD_EXECUTIONS)
    throw new Error(`The dashboard has ${row?.n} executions, not ${DASHBOARD_EXECUTIONS}.`);
  await context.checkInvariants(database, "the dashboard's rows", { resting: false });
}

async function measureRead(
  context: BenchContext,
  { db }: BenchDatabase,
  { name, read }: Read,
): Promise<Measured> {
  const times: number[] = [];
  for (let i = 0; i < UNMEASURED + (context.quick ? 10 : 30); i++) {
    const startedAt = performance.now();
    await read(db);
    times.push(performance.now() - startedAt);
  }
  const measured = times.slice(UNMEASURED);
  return { name, times: measured, p95: percentile(measured, 0.95) };
}

function describeRead({ name, times, p95 }: Measured): string {
  const p50 = percentile(times, 0.5);
  return `read "${name}": p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
}
