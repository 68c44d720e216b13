import type { Query, SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type postgres from "postgres";

const dialect = new PgDialect();

/** Runs statements in one transaction and one round trip; the rows of each, or why it failed. */
export type RunTogether = (statements: readonly SQL[]) => Promise<Settled[]>;

export type Settled = PromiseSettledResult<object[]>;

/** Texts of the statements that the present connection of a client has described. */
const described = new WeakMap<postgres.Sql, Set<string>>();

/**
 * Sends BEGIN, the statements and COMMIT on a client of a single connection (`max: 1`) without waiting in between, so that
 * whoever is stopped or cut off then holds no locks. When one fails Postgres refuses the rest and rolls back. When the
 * connection breaks in between, what was not sent yet goes out on the next one, without the BEGIN: so each statement must
 * stand for itself, and each has an answer of its own.
 */
export async function runTogether(
  sql: postgres.Sql,
  statements: readonly SQL[],
): Promise<Settled[]> {
  const queries = statements.map((statement) => dialect.sqlToQuery(statement));
  const undescribed = await describeUnknown(sql, queries);
  if (undescribed) return queries.map(() => undescribed);
  const begin = { sql: "begin", params: [] };
  const commit = { sql: "commit", params: [] };
  const sent = [begin, ...queries, commit].map((query) => prepare(sql, query).execute());
  const settled = await Promise.allSettled(sent);
  const answers = settled.slice(1, -1);
  const failure = findFailure(settled.at(-1), answers);
  return failure ? answers.map(() => failure) : answers;
}

/** The connections of this client are gone, and what they had described with them. */
export function forgetDescribed(sql: postgres.Sql): void {
  described.delete(sql);
}

/**
 * Before the driver sends a statement for the first time on a connection, it asks for the types of its parameters and waits
 * for the answer: in the middle of a transaction if nobody has asked before. While Postgres waits for the parameters neither
 * statement_timeout nor idle_in_transaction_session_timeout ends it. Returns why that failed.
 */
async function describeUnknown(
  sql: postgres.Sql,
  queries: readonly Query[],
): Promise<PromiseRejectedResult | undefined> {
  const known = described.get(sql) ?? new Set();
  described.set(sql, known);
  const asked = queries
    .filter(({ sql: text, params }) => params.length > 0 && !known.has(text))
    .map(async (query) => {
      // Who comes after this goes out after this: there is one connection.
      known.add(query.sql);
      await prepare(sql, query)
        .describe()
        .catch((error: unknown) => {
          known.delete(query.sql);
          throw error;
        });
    });
  const settled = await Promise.allSettled(asked);
  return settled.find((each) => each.status === "rejected");
}

function prepare(sql: postgres.Sql, { sql: text, params }: Query) {
  // Drizzle has made texts and numbers of all parameters.
  return sql.unsafe<object[]>(text, params as string[], { prepare: true });
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
