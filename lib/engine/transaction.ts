import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { sqlStateOf } from "@/lib/db/sql-state";
import { tellEndings } from "./endings";

const MAX_TRIES = 5;
/** Serialization failure, deadlock, lock timeout: the transaction did nothing and may be run again. */
const PASSING = new Set(["40001", "40P01", "55P03"]);

/**
 * Runs `work` in one transaction and runs it again, up to five times, when Postgres asks for that. Inside an open
 * transaction it joins that one, whose owner then does the repeating.
 */
export async function transact<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  if (isTransaction(db)) return work(db);
  return repeatPassing(() => tellEndings(work, (noted) => db.transaction(noted)));
}

/**
 * The same for work that changes something with its last statement only and ends nothing: that needs no transaction, which
 * would cost two round trips.
 */
export async function changeAtOnce<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  return isTransaction(db) ? work(db) : repeatPassing(() => work(db));
}

async function repeatPassing<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MAX_TRIES || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** tries * (0.5 + Math.random())));
    }
  }
}

/** Whether the transaction as a whole did nothing and may be run again. */
export function isPassing(error: unknown): boolean {
  return PASSING.has(sqlStateOf(error) ?? "");
}

function isTransaction(db: Db): boolean {
  return "rollback" in db;
}

/** Rows as a parameter for `jsonb_to_recordset`: one parameter, whatever their number. */
export function asRecordset(rows: readonly object[]) {
  return sql`${JSON.stringify(rows)}::jsonb`;
}
