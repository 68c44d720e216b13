import { eq, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { workers } from "@/lib/db/schema/executions";

export type NewWorker = Pick<
  typeof workers.$inferInsert,
  "id" | "name" | "runner" | "engine" | "runnerDescription" | "maxConcurrentExecutions"
>;

const announce = (db: Db) => db.execute(sql`select pg_notify(${channels.changes}, 'workers')`);

/** Puts a worker on the list, or back on it after a restart of the database. */
export async function registerWorker(db: Db, worker: NewWorker): Promise<void> {
  await db
    .insert(workers)
    .values(worker)
    .onConflictDoUpdate({
      target: workers.id,
      set: { heartbeatAt: sql`clock_timestamp()`, stoppedAt: null },
    });
  await announce(db);
}

/** Says that a worker claims no more. */
export async function drainWorker(db: Db, { workerId }: { workerId: string }): Promise<void> {
  await db
    .update(workers)
    .set({ drainingAt: sql`clock_timestamp()` })
    .where(eq(workers.id, workerId));
  await announce(db);
}

/** Says that a worker has ended in order. */
export async function stopWorker(db: Db, { workerId }: { workerId: string }): Promise<void> {
  await db
    .update(workers)
    .set({ stoppedAt: sql`clock_timestamp()` })
    .where(eq(workers.id, workerId));
  await announce(db);
}
