import type { Db } from "@/lib/db/database";

/** Rows of `executions` and `runs` that some work reads, by whole-table scans and through indexes. */
export type Reads = { scanned: number; fetched: number };

/** Counts what `work` reads; it must use the transaction that it is given. */
export async function countReads(db: Db, work: (tx: Db) => Promise<unknown>): Promise<Reads> {
  return db.transaction(async (tx) => {
    const before = await readCounters(tx);
    await work(tx);
    const after = await readCounters(tx);
    return { scanned: after.scanned - before.scanned, fetched: after.fetched - before.fetched };
  });
}

/** What this session has read, including what it did shortly before. */
async function readCounters(tx: Db): Promise<Reads> {
  const [row] = await tx.execute<Reads>(`
    select sum(seq_tup_read)::int as scanned, sum(idx_tup_fetch)::int as fetched
    from pg_stat_xact_user_tables where relname in ('executions', 'runs')`);
  if (!row) throw new Error("There are no counters of the tables.");
  return row;
}
