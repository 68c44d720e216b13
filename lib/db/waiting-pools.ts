import { type SQL, sql } from "drizzle-orm";
import { MAX_POOL_SLOTS } from "@/lib/domain/limits";

/*
 * What waits in pools, as the claim, the explanations and the lists see it: parts of statements. Every execution of a pool
 * belongs to one key of it, the empty key where it has none of its own, and each key has all slots of the pool. How many
 * are taken is counted from the rows that hold a lease, so no crash can leak a slot.
 */

/** The rows of executions_pool_claim_idx, for queries about one pool and key. */
const waitsInPool = sql`status in ('SCHEDULED', 'RETRYING') and pool_id is not null`;
/** The same rows, of executions_pool_queue_idx, for queries about all pools. */
const waitsInPools = sql`${waitsInPool} and lease_token is null`;

/** Which due rows come first: by `by`, over these ranks of priority, as far as they have been due since `until`. */
type Order = { ranks: SQL; until: SQL; by: SQL };

/** The order of the claim. */
export const urgentFirst: Order = {
  ranks: sql`(3), (2), (1), (0)`,
  until: sql`now()`,
  by: sql`priority desc, due_at, id`,
};

/** What below CRITICAL has waited longer than the starvation bound. */
export function oldestFirst(starvationBoundSeconds: number | SQL): Order {
  return {
    ranks: sql`(2), (1), (0)`,
    until: sql`now() - make_interval(secs => ${starvationBoundSeconds})`,
    by: sql`due_at, id`,
  };
}

/** The first rows in an order, one short index scan for each priority. */
function firstRows(order: Order, { where, limit }: { where: SQL; limit: SQL }): SQL {
  return sql`
    select due.* from (values ${order.ranks}) r (priority) cross join lateral (
      select id, priority, due_at, pool_id, pool_key from executions
      where ${where} and priority = r.priority and due_at <= ${order.until}
      order by due_at, id limit ${limit}) due
    order by ${order.by} limit ${limit}`;
}

/** The first rows of a pool and key, given as a row `k`; by executions_pool_claim_idx. */
export function firstRowsOfKey(limit: SQL, order = urgentFirst): SQL {
  const where = sql`${waitsInPool} and pool_id = k.pool_id and pool_key = k.pool_key`;
  return firstRows(order, { where, limit });
}

/**
 * A CTE of a `with recursive`: each pool and key for which executions wait, one step into executions_pool_claim_idx each,
 * however many wait there. It reads nothing unless `condition` holds.
 */
export function waitingKeys(name: SQL, condition = sql`true`): SQL {
  return sql`
    ${name} (pool_id, pool_key) as (
      (select pool_id, pool_key from executions where ${waitsInPool} and ${condition} order by pool_id, pool_key limit 1)
      union all
      select n.pool_id, n.pool_key from ${name} w cross join lateral (
        select pool_id, pool_key from executions
        where ${waitsInPool} and (pool_id, pool_key) > (w.pool_id, w.pool_key)
        order by pool_id, pool_key limit 1) n
    )`;
}

/** Of these pools and keys those with free slots, and how many; a pool that was deleted limits nothing. */
function openOf(keys: SQL): SQL {
  return sql`
    select w.pool_id, w.pool_key, coalesce(p.slots - held.count, ${sql.raw(String(MAX_POOL_SLOTS))}) as free
    from ${keys} w left join pools p on p.id = w.pool_id cross join lateral (
      select count(*)::int as count from executions
      where pool_id = w.pool_id and pool_key = w.pool_key and lease_token is not null) held
    where p.id is null or held.count < p.slots`;
}

/** So many more rows than are wanted are looked at before it is asked of each pool and key what it has. */
const MORE = sql.raw("100");

/**
 * CTEs, the last of which has the given name: the first `limit` rows of pools in an order, of each pool and key at most as
 * many as it has free slots, with these as `free`. They are found among the first few, unless full pools stand in
 * front; then each pool and key with waiting rows is asked once, so the rows of a full one are never walked through. Pools
 * that `except` names give nothing.
 */
export function firstOfPools(
  name: string,
  { order, limit, except = sql`false` }: { order: Order; limit: SQL; except?: SQL },
): SQL {
  const cte = (suffix: string) => sql.raw(`${name}_${suffix}`);
  const last = sql`(${limit} + ${MORE})`;
  const open = (keys: SQL) => sql`(select * from (${openOf(keys)}) o where not (${except}))`;
  return sql`
    ${cte("seen")} as materialized (${firstRows(order, { where: waitsInPools, limit: last })}),
    ${cte("near")} as materialized (
      select id, priority, due_at, pool_id, pool_key, free from (
        select *, row_number() over (partition by pool_id, pool_key order by ${order.by}) as place from ${cte("seen")}) s
      join ${open(sql`(select distinct pool_id, pool_key from ${cte("seen")})`)} k using (pool_id, pool_key)
      where place <= free order by ${order.by} limit ${limit}
    ),
    ${cte("found")} as materialized (
      select (select count(*) from ${cte("seen")}) < ${last} or (select count(*) from ${cte("near")}) >= ${limit} as is_all
    ),
    ${waitingKeys(cte("keys"), sql`not (select is_all from ${cte("found")})`)},
    ${sql.raw(name)} as materialized (
      select * from ${cte("near")} where (select is_all from ${cte("found")})
      union all (
        select due.*, k.free from ${open(cte("keys"))} k cross join lateral (
          ${firstRowsOfKey(sql`least(k.free, ${limit})`, order)}) due
        order by ${order.by} limit ${limit})
    )`;
}

/** Whether something waits that its pool would let through now, with `waitingKeys` as `waiting_keys`. */
export const isPoolOpen = sql`
  exists (select from (${openOf(sql`waiting_keys`)}) k cross join lateral (${firstRowsOfKey(sql`1`)}) due)`;

/** When the first of all rows of pools is or was due; one step into executions_pool_queue_idx for each priority. */
export const firstDueOfPools = sql`
  select min(first.due_at) as next_at from (values ${urgentFirst.ranks}) r (priority) cross join lateral (
    select due_at from executions where ${waitsInPools} and priority = r.priority order by due_at limit 1) first`;

/** Of so many rows, the next to become due, it is asked whether their pool has a free slot at present. */
const NEXT = sql.raw("100");

/**
 * When the next row of a pool becomes due that has a free slot at present; a full pool is heard of by a notification as soon
 * as it has one. Where all rows it looks at are of full pools, the last stands for those behind it.
 */
export const nextDueOfPools = sql`
  select coalesce(min(due_at) filter (where is_open), case when count(*) = ${NEXT} then max(due_at) end) from (
    select n.due_at, p.id is null or p.slots > (
      select count(*) from executions where pool_id = n.pool_id and pool_key = n.pool_key and lease_token is not null) as is_open
    from (
      select next.* from (values ${urgentFirst.ranks}) r (priority) cross join lateral (
        select due_at, pool_id, pool_key from executions
        where ${waitsInPools} and priority = r.priority and due_at > now() order by due_at limit ${NEXT}) next
      order by due_at limit ${NEXT}) n
    left join pools p on p.id = n.pool_id) n`;

/** Ids of pools for which executions wait, one step into executions_pool_claim_idx each. */
export const waitingPoolIds = sql`
  with recursive waiting (pool_id) as (
    (select pool_id from executions where ${waitsInPool} order by pool_id limit 1)
    union all
    select n.pool_id from waiting w cross join lateral (
      select pool_id from executions where ${waitsInPool} and pool_id > w.pool_id order by pool_id limit 1) n
  ) select pool_id from waiting`;
