import type { Db } from "@/lib/db/database";
import { EngineError } from "@/lib/domain/errors";
import type { TestDatabase } from "./database";

/** What a session does. */
export type Work<T> = (db: Db) => Promise<T>;

/** What it returned, or the code of its refusal. */
const outcome = <T>(promise: Promise<T>): Promise<T | string> =>
  promise.catch((error: unknown) => {
    if (error instanceof EngineError) return error.code;
    throw error;
  });

/**
 * Two sessions in a fixed order: `second` is called once `first` has done everything but its COMMIT, which comes when
 * `second` waits for a lock or has ended.
 */
export async function runInOrder<A, B>(
  test: TestDatabase,
  first: Work<A>,
  second: Work<B>,
): Promise<[A | string, B | string]> {
  // A list, since the compiler does not see what a callback assigns.
  const later: Promise<B | string>[] = [];
  const one = await outcome(
    test.db.transaction(async (tx) => {
      const result = await first(tx);
      let isSettled = false;
      later.push(
        outcome(second(test.db)).finally(() => {
          isSettled = true;
        }),
      );
      while (!isSettled && (await countBlocked(test)) === 0) await new Promise(setImmediate);
      return result;
    }),
  );
  const [two] = later;
  if (!two) throw new Error(`The first was refused: ${String(one)}`);
  return [one, await two];
}

/** How many sessions of this database wait for a lock. */
export async function countBlocked(test: TestDatabase): Promise<number> {
  const rows = await test.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return rows.length;
}
