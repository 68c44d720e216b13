import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { firstRowsOfKey } from "@/lib/db/waiting-pools";
import { LAST_POSITION } from "@/lib/domain/explain";
import type { PoolFacts } from "@/lib/domain/explain-waiting";

/** How many names an explanation lists. */
const NAMED = 10;

/**
 * How full the pools of these due executions are, and their places among those that wait for the same slots; those whose
 * pool was deleted are not in it. Reads for each pool and key at most as many waiting rows as places are counted or slots
 * are free, and as many held ones as there are.
 */
export async function listPoolFacts(
  db: Db,
  executionIds: string[],
): Promise<Map<string, PoolFacts>> {
  if (executionIds.length === 0) return new Map();
  const rows = await db.execute<Row>(sql`
    with asked as materialized (
      select id, pool_id, pool_key from executions
      where id in (select jsonb_array_elements_text(${JSON.stringify(executionIds)}::jsonb)::uuid)
    ),
    keys as materialized (
      select k.pool_id, k.pool_key, p.name, p.slots, held.* from (select distinct pool_id, pool_key from asked) k
      join pools p on p.id = k.pool_id cross join lateral (
        select count(*)::int as slots_used,
          (array_agg(id order by started_at, id))[1:${NAMED}] as held_ids,
          (array_agg(task_name order by started_at, id))[1:${NAMED}] as held_names
        from executions where pool_id = k.pool_id and pool_key = k.pool_key and lease_token is not null) held
    ),
    places as materialized (
      select due.id, row_number() over (partition by k.pool_id, k.pool_key order by due.priority desc, due.due_at, due.id)::int as position
      from keys k cross join lateral (${firstRowsOfKey(sql`greatest(k.slots - k.slots_used, ${LAST_POSITION}::int)`)}) due
    )
    select a.id, k.name, k.pool_key, k.slots, k.slots_used, to_jsonb(k.held_ids) as held_ids, to_jsonb(k.held_names) as held_names,
      p.position
    from asked a join keys k using (pool_id, pool_key) left join places p using (id)`);
  return new Map(rows.map((row) => [row.id, toFacts(row)]));
}

type Row = {
  id: string;
  name: string;
  pool_key: string;
  slots: number;
  slots_used: number;
  held_ids: string[] | null;
  held_names: string[] | null;
  /** Null behind the last one that was counted. */
  position: number | null;
};

function toFacts(row: Row): PoolFacts {
  return {
    pool: row.name,
    key: row.pool_key === "" ? null : row.pool_key,
    slots: row.slots,
    slotsUsed: row.slots_used,
    heldBy: (row.held_ids ?? []).map((executionId, i) => ({
      executionId,
      taskName: row.held_names?.[i] ?? "",
    })),
    position: row.position ?? LAST_POSITION + 1,
  };
}
