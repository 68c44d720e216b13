import { readFileSync } from "node:fs";
import type postgres from "postgres";

const query = readFileSync(new URL("./invariants.sql", import.meta.url), "utf8");

/** A violated invariant: its name, the number of rows and up to five ids. */
export type Violation = { inv: string; n: number; sample: string[] };

/** Everything in the database that must never be; with `resting` also whatever has not come to its end (I01). */
export async function findViolations(
  sql: postgres.Sql,
  { resting }: { resting: boolean },
): Promise<Violation[]> {
  const rows = await sql.unsafe<Violation[]>(query);
  return rows.filter(({ inv }) => resting || !inv.startsWith("I01_"));
}
