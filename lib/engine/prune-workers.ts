import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { transact } from "./transaction";

/** Ids are made by the clocks of several machines. */
const CLOCK_DIFFERENCE = sql`interval '1 day'`;
const MAX_WORKERS = 1000;

/**
 * Deletes workers that were last heard of more than so many days ago, and breakers of engines that nobody has used since.
 * A worker stays while a run is kept from before its end, whose attempts may name it. Returns how many there were.
 */
export async function pruneWorkers(
  db: Db,
  { retentionDays }: { retentionDays: number },
): Promise<{ workers: number; breakers: number }> {
  const limit = sql`now() - make_interval(days => ${retentionDays})`;
  return transact(db, async (tx) => {
    const workers = await tx.execute(sql`
      delete from workers where id = any(array(
        select w.id from workers w
        where w.heartbeat_at < least(${limit}, (select created_at - ${CLOCK_DIFFERENCE} from runs order by id limit 1))
          and not exists (select from executions e where e.worker_id = w.id and e.lease_token is not null)
        limit ${MAX_WORKERS} for update skip locked)) returning id`);
    const breakers = await tx.execute(sql`
      delete from circuit_breakers where engine = any(array(
        select b.engine from circuit_breakers b
        where b.updated_at < ${limit}
          and not exists (select from workers w where w.engine = b.engine)
        for update skip locked)) returning engine`);
    return { workers: workers.length, breakers: breakers.length };
  });
}
