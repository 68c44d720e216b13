import { readFileSync } from "node:fs";
import type postgres from "postgres";

const query = readFileSync(new URL("./invariants.sql", import.meta.url), "utf8");

/** A violated invariant: its name, the number of rows and up to five ids. */
export type Violation = { inv: string; n: number; sample: string[] };

/**
 * Everything in the database that must never be; with `resting` also whatever has not come to its end (I01). Without nested
 * loops: a table that was vacuumed while it was empty would make the planner compare every row with every other.
 */
export async function findViolations(
  sql: postgres.Sql,
  { resting }: { resting: boolean },
): Promise<Violation[]> {
  // Both at once are one transaction, within one that the connection may be in.
  const [, rows = []] = await sql.unsafe<Violation[][]>(
    `set local enable_nestloop = off; ${query}`,
  );
  return rows.filter(({ inv }) => resting || !inv.startsWith("I01_"));
}
