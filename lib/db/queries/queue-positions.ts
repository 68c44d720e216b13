import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { firstOfPools, urgentFirst } from "@/lib/db/waiting-pools";
import { LAST_POSITION } from "@/lib/domain/explain";

/**
 * Places in the queue, in the order of the claim and over what it could take now; those behind the last counted one, and
 * those that wait for their pool, are not in it. Reads at most as many rows of each priority as there are places, and of each
 * pool and key as many as it has free slots.
 */
export async function listPositions(db: Db, executionIds: string[]): Promise<Map<string, number>> {
  if (executionIds.length === 0) return new Map();
  const last = sql.raw(String(LAST_POSITION));
  const rows = await db.execute<{ id: string; position: number }>(sql`
    with recursive ${firstOfPools("of_pools", { order: urgentFirst, limit: last })},
    queue as materialized (
      select id, row_number() over (order by priority desc, due_at, id)::int as position from (
        select due.* from (values (3), (2), (1), (0)) r (priority) cross join lateral (
          select id, priority, due_at from executions
          where status in ('SCHEDULED', 'RETRYING') and pool_id is null and priority = r.priority and due_at <= now()
          order by due_at, id limit ${last}) due
        union all
        select id, priority, due_at from of_pools
      ) q
    )
    select id, position from queue
    where position <= ${last} and id in (select jsonb_array_elements_text(${JSON.stringify(executionIds)}::jsonb)::uuid)`);
  return new Map(rows.map(({ id, position }) => [id, position]));
}
