import { type SQL, sql } from "drizzle-orm";
import type postgres from "postgres";

const MARK = "/* prepared */";

/**
 * Begins a statement whose text is always the same. It is planned once per connection and sent in one round trip; an
 * ordinary one is planned each time and costs the driver a second round trip, to ask for the types of its parameters.
 * Lists go in as one array (`uuidArray`) or as one JSON text, never as a list of parameters.
 */
export const prepared: SQL = sql.raw(MARK);

/** Ids as one parameter of type uuid[]. */
export function uuidArray(ids: Iterable<string>): SQL {
  return sql`${`{${[...ids].join(",")}}`}::uuid[]`;
}

/**
 * For a connection that does nothing but prepared statements of the hot path. They are planned once, for tables as they
 * will be, however small they are at that moment: every row is looked up by index, from the few rows at hand.
 *
 * Such statements join a table that grows by BETWEEN x AND x: by "=" the planner may read the whole index of a table that it
 * believes to be empty, since that could be merged, and compare all with all. And they group what they look up one by one
 * (LATERAL, OFFSET 0), which could be read in the order of a whole index as well.
 */
export const hotSettings = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
};

/**
 * For statements that read what is held, by executions_held_idx, which has few entries that count among many that do not any
 * more. Where it may read the table in order, the planner does so when it expects much to be held; and a bitmap scan would
 * find the old entries again and again, which an index scan marks as gone.
 */
export const heldSettings = { enable_seqscan: "off", enable_bitmapscan: "off" };

/** Makes a connection, pool or transaction prepare the statements that begin with the mark. */
export function prepareMarked<T extends Pick<postgres.Sql, "unsafe">>(sql: T): T {
  const unsafe = sql.unsafe.bind(sql);
  const unsafeMarked: typeof unsafe = (text, parameters, options) =>
    unsafe(text, parameters, text.startsWith(MARK) ? { ...options, prepare: true } : options);
  return Object.assign(sql, { unsafe: unsafeMarked });
}
