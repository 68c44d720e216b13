import type postgres from "postgres";
import { prepareMarked } from "./prepared";
import { sqlStateOf } from "./sql-state";

/**
 * Keeps a connection that is cut during a transaction from ending the process. The driver answers every failed transaction
 * with ROLLBACK; on a cut connection it writes that to a socket that is gone, in a callback whose error nobody can catch
 * (porsager/postgres#1154). So the work of such a transaction is never seen to fail: the driver has rejected the transaction
 * as a whole, and there is nothing left to roll back.
 */
export function surviveCuts(sql: postgres.Sql): postgres.Sql {
  const begin = sql.begin.bind(sql);
  const beginGuarded = <T>(work: (tx: postgres.TransactionSql) => T | Promise<T>) =>
    begin(async (tx) => {
      try {
        return await work(prepareMarked(tx));
      } catch (error) {
        if (isCut(error)) return await new Promise<never>(() => {});
        throw error;
      }
    });
  return Object.assign(sql, { begin: beginGuarded });
}

/** Whether the socket itself failed: a system error such as ECONNRESET, or its end without one. */
export function isCut(error: unknown): boolean {
  return /^(CONNECTION_CLOSED|E[A-Z]+)$/.test(sqlStateOf(error) ?? "");
}
