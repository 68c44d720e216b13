import { readFileSync } from "node:fs";
import type postgres from "postgres";
import { describeExecution } from "./describe-execution";
import type { Journal } from "./journal";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const checks = read("./checks.sql");
const figures = read("./figures.sql");
const bounds = read("./bounds.sql");

/** Counts of what happened; each is explained in figures.sql. */
export type Figures = {
  accepted: number;
  attempts: number;
  lost_attempts: number;
  kills: number;
  kills_at_work: number;
  stops: number;
  stale_finishes: number;
  stale_recorded: number;
  recorded_by_a_token_that_held: number;
  stalls: number;
  crashes: number;
  lost_commits: number;
  pool_claims: number;
  pool_claims_of_last_slot: number;
  /** Most slots in use at one time of each pool, in words; null without claims from pools. */
  most_held: string | null;
  cancels: number;
  cancelled_by_request: number;
  retried_by_a_person: number;
  priority_inversions: number;
};

/** How long something took, in milliseconds. */
export type Bound = { what: string; n: number; p50: number; p99: number; max: number };

/**
 * Checks what the soak and the commands noted against the rows; needs the journal to be stored. `resting`: whether everything
 * has come to its end.
 */
export async function checkRecords(
  sql: postgres.Sql,
  journal: Journal,
  { resting }: { resting: boolean },
): Promise<void> {
  const rows = await sql.unsafe<{ rule: string; count: number; sample: string[] }[]>(checks, [
    resting,
  ]);
  for (const { rule, count, sample } of rows) {
    const [first = ""] = sample;
    const ledger = await sql<{ line: string }[]>`
      select concat_ws(' ', to_char(at, 'HH24:MI:SS.MS'), 'attempt', attempt, kind, "exitCode") as line
      from soak.ledger where "executionId"::text = ${first} order by place`;
    const history = await describeExecution(sql, journal, first);
    const evidence = [history, ...ledger.map(({ line }) => `command: ${line}`)].join("\n");
    journal.addFound({ rule, count, sample, evidence });
  }
}

/** Counts what happened. */
export async function countFigures(sql: postgres.Sql, leaseSeconds: number): Promise<Figures> {
  const [row] = await sql.unsafe<Figures[]>(figures, [leaseSeconds]);
  if (!row) throw new Error("The figures could not be counted.");
  return row;
}

/** Measures how long recoveries, waits and the like took. */
export async function measureBounds(sql: postgres.Sql): Promise<Bound[]> {
  return sql.unsafe<Bound[]>(bounds);
}
