import { type SQL, sql } from "drizzle-orm";
import type postgres from "postgres";

const MARK = "/* prepared */";

/**
 * Begins a statement whose text is always the same. It is planned once per connection and sent in one round trip; an
 * ordinary one is planned each time and costs the driver a second round trip, to ask for the types of its parameters.
 * Lists go in as one JSON text, never as a list of parameters.
 */
export const prepared: SQL = sql.raw(MARK);

/** Makes a connection, pool or transaction prepare the statements that begin with the mark. */
export function prepareMarked<T extends Pick<postgres.Sql, "unsafe">>(sql: T): T {
  const unsafe = sql.unsafe.bind(sql);
  const unsafeMarked: typeof unsafe = (text, parameters, options) =>
    unsafe(text, parameters, text.startsWith(MARK) ? { ...options, prepare: true } : options);
  return Object.assign(sql, { unsafe: unsafeMarked });
}
