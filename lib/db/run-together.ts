import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type postgres from "postgres";

const dialect = new PgDialect();

/** Runs statements in one transaction and one round trip; the rows of each, or why it failed. */
export type RunTogether = (statements: readonly SQL[]) => Promise<Settled[]>;

export type Settled = PromiseSettledResult<object[]>;

/**
 * Sends BEGIN, the statements and COMMIT on a client of a single connection (`max: 1`) without waiting in between. When one
 * fails Postgres refuses the rest and rolls back. When the connection breaks in between, what was not sent yet goes out on
 * the next one, without the BEGIN: so each statement must stand for itself, and each has an answer of its own.
 */
export async function runTogether(
  sql: postgres.Sql,
  statements: readonly SQL[],
): Promise<Settled[]> {
  const queries = statements.map((statement) => dialect.sqlToQuery(statement));
  const begin = { sql: "begin", params: [] };
  const commit = { sql: "commit", params: [] };
  const sent = [begin, ...queries, commit].map((query) =>
    // Drizzle has made texts and numbers of all parameters.
    sql.unsafe<object[]>(query.sql, query.params as string[], { prepare: true }).execute(),
  );
  const settled = await Promise.allSettled(sent);
  const answers = settled.slice(1, -1);
  const failure = findFailure(settled.at(-1), answers);
  return failure ? answers.map(() => failure) : answers;
}

/** Why nothing is stored, or nobody knows: the COMMIT was not answered, or Postgres answered it with ROLLBACK. */
function findFailure(
  commit: PromiseSettledResult<postgres.RowList<object[]>> | undefined,
  answers: Settled[],
): Settled | undefined {
  if (commit?.status === "rejected") return commit;
  if (commit?.value.command !== "ROLLBACK") return undefined;
  return answers.find(({ status }) => status === "rejected");
}
