import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { LAST_POSITION } from "@/lib/domain/explain";
import type { PoolSummary } from "@/lib/domain/views";

const MAX_POOLS = 1000;

/**
 * The pools of a project by name, with what they hold and what waits in them; null when there is no such project. What waits
 * is counted up to LAST_POSITION and one more.
 */
export async function listPools(
  db: Db,
  { projectId }: { projectId: string },
): Promise<PoolSummary[] | null> {
  const [project, rows] = await Promise.all([
    db.execute(sql`select from projects where id = ${projectId}`),
    db.execute<Row>(sql`
      select p.id, p.name, p.description, p.slots, held.slots_used, held.keys_used, waiting.count as waiting, named.count as task_count
      from pools p,
        lateral (
          select count(*)::int as slots_used, count(distinct nullif(pool_key, ''))::int as keys_used
          from executions where pool_id = p.id and lease_token is not null) held,
        lateral (
          select count(*)::int as count from (
            select from executions where status in ('SCHEDULED', 'RETRYING') and pool_id = p.id
            limit ${LAST_POSITION + 1}) w) waiting,
        lateral (
          select count(*)::int as count from tasks where project_id = p.project_id and pool_id = p.id) named
      where p.project_id = ${projectId} order by p.name limit ${MAX_POOLS}`),
  ]);
  if (project.length === 0) return null;
  return rows.map((row) => ({
    poolId: row.id,
    name: row.name,
    description: row.description,
    slots: row.slots,
    slotsUsed: row.slots_used,
    keysUsed: row.keys_used,
    waiting: row.waiting,
    taskCount: row.task_count,
  }));
}

type Row = {
  id: string;
  name: string;
  description: string;
  slots: number;
  slots_used: number;
  keys_used: number;
  waiting: number;
  task_count: number;
};
