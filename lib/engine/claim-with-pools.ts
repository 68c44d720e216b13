import { sql } from "drizzle-orm";
import { compileStatement } from "@/lib/db/compile-statement";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { RunTogether, Settled } from "@/lib/db/run-together";
import {
  firstDueOfPools,
  firstOfPools,
  isPoolOpen,
  nextDueOfPools,
  oldestFirst,
  urgentFirst,
  waitingKeys,
  waitingPoolIds,
} from "@/lib/db/waiting-pools";
import { type ClaimInput, type ClaimValue, claimParts, claimValues } from "./claim-kinds";
import {
  allReadyRows,
  breakerOf,
  type Claim,
  isClosed,
  readClaim,
  readyRows,
  takeChosen,
} from "./claim-statement";
import { transact } from "./transaction";

/**
 * The CTE `pooled` of a claim that does not look at pools: whether it has to, which is one look for each priority, and so
 * whether anything may be taken.
 */
export const dueInPools = sql`
  pooled as materialized (
    select next_at, case when next_at > now() or next_at is null then 'none' when half_open_at is null then 'needed' else 'full' end as pools,
      half_open_at is null and (next_at > now() or next_at is null) as may_take
    from (${firstDueOfPools}) p, breaker
  )`;

/**
 * The CTEs `waiting_keys`, of a `with recursive`, and `pooled` of a claim that looks at pools, once at each pool and key for
 * which something waits: whether one has both a free slot and a due row.
 */
export const openPools = sql`
  ${waitingKeys(sql`waiting_keys`)},
  pooled as materialized (
    select next_at, case when is_open then 'needed' when due_at <= now() then 'full' else 'none' end as pools,
      half_open_at is null and not is_open as may_take
    from (
      select half_open_at, half_open_at is null and ${isPoolOpen} as is_open, (${firstDueOfPools}) as due_at, (${nextDueOfPools}) as next_at
      from breaker offset 0) p
  )`;

/**
 * The claim while pools have free slots for what is due in them: rows with and without a pool in one strict order, and of
 * each pool and key at most as many as it has free slots.
 *
 * Such claims follow each other: each locks the pools first, in id order, and the statement that counts the slots in use
 * comes after that, with a snapshot of its own that holds what the claim before has taken. A worker sends both at once, so
 * that it cannot be stopped while it holds the locks; the first hands the ids on by a setting.
 */
export async function claimFromPools(together: RunTogether, input: ClaimInput): Promise<Claim> {
  const [, claimed] = await together([lockWaitingPools, takeFromPools(claimValues(input))]);
  if (claimed?.status === "rejected") throw claimed.reason;
  return readClaim(claimed?.value ?? []);
}

/** For a caller that is no worker: a transaction, or a part of the one that `db` is. */
export function oneByOne(db: Db): RunTogether {
  return (statements) =>
    transact(db, async (tx) => {
      const answers: Settled[] = [];
      for (const statement of statements)
        answers.push({ status: "fulfilled", value: await tx.execute(statement) });
      return answers;
    });
}

/** Its setting ends with the transaction, as the locks do. */
const lockWaitingPools = sql`${prepared}
  select set_config('dagline.locked_pools', coalesce(array_agg(id), '{}')::text, true) from (
    select id from pools where id = any(array(${waitingPoolIds})) order by id for no key update) locked`;

/**
 * Rows without a pool come as in the other claim, those of pools as far as these have free slots; `chosen` is the first of
 * both. Locking a few more than are taken does no harm for the moment that this takes.
 */
const takeFromPools = compileStatement<ClaimValue>((value) => {
  const parts = claimParts(value, { hasFairSlots: true, looksAtPools: true });
  const { limit, starvationBoundSeconds } = parts;
  const fairSlots = parts.fairSlots ?? sql`0`;
  // A pool that got its first waiting row a moment ago; one that was deleted needs no lock.
  const isLocked = sql`o.pool_id = any(coalesce(nullif(current_setting('dagline.locked_pools', true), ''), '{}')::uuid[])`;
  const except = sql`not ${isLocked} and exists (select from pools where id = o.pool_id)`;
  return sql`${prepared}
    with recursive ${breakerOf(parts)},
    ${readyRows({ ...parts, when: isClosed })},
    ${firstOfPools("urgent", { order: urgentFirst, limit, except })},
    ${firstOfPools("oldest", { order: oldestFirst(starvationBoundSeconds), limit: fairSlots, except })},
    of_pools as materialized (table urgent union table oldest),
    locked as materialized (
      select id, status from executions
      where status in ('SCHEDULED', 'RETRYING') and ${isClosed} and id = any(array(select id from of_pools)) for update skip locked
    ),
    ready as materialized (
      select id, status, priority, due_at, null::uuid as pool_id, null::text as pool_key, ${limit} as free from (${allReadyRows(parts)}) r
      union all
      select id, status, priority, due_at, pool_id, pool_key, free from locked join of_pools using (id)
    ),
    fair as materialized (
      select id from (
        select *, row_number() over (partition by pool_id, pool_key order by due_at, id) as place from ready
        where priority < 3 and due_at <= now() - make_interval(secs => ${starvationBoundSeconds})) r
      where place <= free order by due_at, id limit ${fairSlots}
    ),
    chosen as materialized (
      select id, status from (
        select r.*, f.id is not null as is_fair,
          row_number() over (partition by pool_id, pool_key order by f.id is null, priority desc, due_at, id) as place
        from ready r left join fair f using (id)) r
      where place <= free order by is_fair desc, priority desc, due_at, id limit ${limit}
    ),
    pooled as (
      -- What somebody else has locked at this moment is looked for again at once.
      select 'full' as pools, case when (select count(*) from of_pools) > (select count(*) from locked)
        then now() else (${nextDueOfPools}) end as next_at
    ),
    ${takeChosen(parts)}`;
});
