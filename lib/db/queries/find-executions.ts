import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { type ExecutionStatus, executionStatuses, isHeld } from "@/lib/domain/status";
import { all, type ExecutionFilter, matches, rankList } from "./execution-filter";
import { columns, newestExecutions, type Stretch, walk } from "./newest-executions";

type Filter = ExecutionFilter & { status?: readonly ExecutionStatus[] };
type Place = { cursor?: string | undefined; count: number };

/** Where the search has come to: the ids it found, the newest first, and the id below which it has not looked. */
export type Found = { ids: string[]; end: string | null };

/** Few at first: most searches find what a page shows among them. */
const FIRST_SIZE = 500;
/** How many executions one search looks at. */
const SEARCHED_EXECUTIONS = 5000;

/**
 * The newest executions that match, up to a count. Where few match, it looks at a bounded number and then stops: `end` tells
 * from where to go on.
 */
export async function findExecutions(db: Db, filter: Filter, place: Place): Promise<Found> {
  const first = await search(db, filter, { ...place, size: Math.max(FIRST_SIZE, place.count) });
  if (first.end === null || first.ids.length >= place.count) return first;
  return search(db, filter, { ...place, size: Math.max(SEARCHED_EXECUTIONS, place.count) });
}

async function search(db: Db, filter: Filter, place: Place & { size: number }): Promise<Found> {
  const parts = await Promise.all(
    partsOf(filter.status).map(async (status) => {
      const part = { ...filter, status };
      const stretch = await stretchOf(db, part, place);
      const where = all([matches(part), place.cursor && sql`s.id < ${place.cursor}::uuid`]);
      return look(db, stretch, { where, count: place.count });
    }),
  );
  // Down to the end of the part that has come least far all parts are complete.
  const end = parts.reduce<string | null>((latest, part) => later(latest, part.end), null);
  const ids = parts
    .flatMap((part) => part.ids)
    .filter((id) => end === null || id >= end)
    .sort((a, b) => (a < b ? 1 : -1));
  return { ids: ids.slice(0, place.count), end };
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** How the executions of a status are found: each has a way of its own, or shares one. */
const PART_OF = {
  PENDING: "waiting",
  SCHEDULED: "waiting",
  PREPARING: "held",
  RUNNING: "held",
  PAUSED: "PAUSED",
  COMPLETED: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "CANCELLED",
  RETRYING: "RETRYING",
  TIMEOUT: "TIMEOUT",
} as const satisfies Record<ExecutionStatus, string>;

/** The statuses in the groups that are searched together; one group of none for any status. */
function partsOf(statuses: readonly ExecutionStatus[] | undefined): ExecutionStatus[][] {
  const wanted = new Set(statuses ?? []);
  if (wanted.size === 0 || wanted.size === executionStatuses.length) return [[]];
  const parts = [...new Set([...wanted].map((status) => PART_OF[status]))];
  return parts.map((part) => [...wanted].filter((status) => PART_OF[status] === part));
}

async function stretchOf(
  db: Db,
  filter: ExecutionFilter & { status: ExecutionStatus[] },
  place: Place & { size: number },
): Promise<Stretch> {
  const [status] = filter.status;
  const part = status && PART_OF[status];
  if (!status || part === "COMPLETED" || filter.runId) return newestExecutions(db, filter, place);
  if (part === "waiting") return newestExecutions(db, { ...filter, active: true }, place);
  if (isHeld(status)) return { rows: heldExecutions, end: sql`null::uuid` };
  return walk(byStatus(status, filter), place);
}

/** By executions_held_idx: no more than attempts run. */
const heldExecutions = sql`select ${columns} from executions e where e.lease_token is not null`;

/** All of it within executions_status_idx. */
function byStatus(status: ExecutionStatus, { projectId, taskId, priority }: ExecutionFilter): SQL {
  return all([
    sql`e.status = ${sql.raw(`'${status}'`)}`,
    projectId && sql`e.project_id = ${projectId}`,
    taskId && sql`e.task_id = ${taskId}`,
    priority?.length && sql`e.priority in (${rankList(priority)})`,
  ]);
}

async function look(
  db: Db,
  { rows, end }: Stretch,
  { where, count }: { where: SQL; count: number },
): Promise<Found> {
  const [row] = await db.execute<{ ids: string[]; end: string | null }>(sql`
    with s as materialized (${rows})
    select (select coalesce(json_agg(id), '[]') from (
        select s.id from s where ${where} order by s.id desc limit ${count}) f) as ids,
      ${end} as "end"`);
  return row ?? { ids: [], end: null };
}
