import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { uuidArray } from "@/lib/db/prepared";
import { transact } from "./transaction";

/** Any number, as long as nothing else of the product uses it: whoever has this lock prunes. */
const PRUNE_LOCK = 7_243_001;
/** Of the runs that have been over for the longest, so many are looked at for one batch. */
const CANDIDATES = 1000;

/** What one batch has deleted. `more`: whether another one would find something. */
export type Pruned = { runs: number; executions: number; more: boolean };

/**
 * Deletes the runs that ended longest ago, if that is more than so many days, with their executions, attempts, history and
 * logs: one batch of whole runs in one transaction, of at most `maxRows` executions and pieces of log, but one run at
 * least. Returns null while another process prunes.
 *
 * What is not final has no end, so it is never found. Whoever starts a run again holds the lock of its row: such a run is left
 * alone, and who comes after the pruner finds no run any more. No claim looks at any of these rows.
 */
export async function pruneRuns(
  db: Db,
  { retentionDays, maxRows }: { retentionDays: number; maxRows: number },
): Promise<Pruned | null> {
  return transact(db, async (tx) => {
    // Whatever a crash undoes is done again, so nobody has to wait for the disk.
    await tx.execute(sql`set local synchronous_commit = off`);
    const [lock] = await tx.execute<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(${PRUNE_LOCK}) as taken`,
    );
    if (!lock?.taken) return null;
    const candidates = await findCandidates(tx, retentionDays);
    const batch = await takeBatch(tx, candidates, maxRows);
    const runIds = await lockOld(tx, batch, retentionDays);
    const executions = runIds.length > 0 ? await deleteRuns(tx, runIds) : 0;
    const more = runIds.length > 0 && candidates.length > batch.length;
    return { runs: runIds.length, executions, more };
  });
}

const isOld = (retentionDays: number) =>
  sql`finished_at < now() - make_interval(days => ${retentionDays})`;

type Candidate = { id: string; rows: number };

/** Those that ended first; by runs_finished_at_idx. */
async function findCandidates(tx: Db, retentionDays: number): Promise<Candidate[]> {
  const rows = await tx.execute<Candidate>(sql`
    select id, total_count as rows from runs where ${isOld(retentionDays)} order by finished_at limit ${CANDIDATES}`);
  return [...rows];
}

/** The first of them that have so many executions and pieces of output together. */
async function takeBatch(tx: Db, candidates: Candidate[], maxRows: number): Promise<string[]> {
  const few = takeFirst(candidates, maxRows);
  const logs = await tx.execute<{ id: string; n: number }>(sql`
    select r.id, (select count(*)::int from executions e join execution_logs l on l.execution_id = e.id where e.run_id = r.id) as n
    from unnest(${uuidArray(few.map(({ id }) => id))}) r (id)`);
  const logsOf = new Map(logs.map(({ id, n }) => [id, n]));
  const weighed = few.map(({ id, rows }) => ({ id, rows: rows + (logsOf.get(id) ?? 0) }));
  return takeFirst(weighed, maxRows).map(({ id }) => id);
}

/** One at least, if there is one. */
function takeFirst(candidates: Candidate[], maxRows: number): Candidate[] {
  let rows = 0;
  return candidates.filter((candidate, i) => {
    rows += candidate.rows;
    return i === 0 || rows <= maxRows;
  });
}

/** Of these runs those that are still as old as that, now that nobody else can start them again. */
async function lockOld(tx: Db, runIds: string[], retentionDays: number): Promise<string[]> {
  if (runIds.length === 0) return [];
  const rows = await tx.execute<{ id: string }>(sql`
    select id from runs where id = any(${uuidArray(runIds)}) and ${isOld(retentionDays)}
    order by id for update skip locked`);
  return rows.map(({ id }) => id);
}

/** What belongs to them goes first, table by table: the cascades of the foreign keys would delete it row by row. */
async function deleteRuns(tx: Db, runIds: string[]): Promise<number> {
  const found = await tx.execute<{ id: string }>(sql`
    select id from executions where run_id = any(${uuidArray(runIds)})`);
  const ids = uuidArray(found.map(({ id }) => id));
  await tx.execute(sql`delete from execution_dependencies where execution_id = any(${ids})`);
  await tx.execute(sql`delete from execution_logs where execution_id = any(${ids})`);
  await tx.execute(sql`delete from attempts where execution_id = any(${ids})`);
  // A trigger deletes the events.
  await tx.execute(sql`delete from executions where id = any(${ids})`);
  await tx.execute(sql`delete from runs where id = any(${uuidArray(runIds)})`);
  return found.length;
}
