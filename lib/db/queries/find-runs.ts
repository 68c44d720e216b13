import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import type { RunStatus } from "@/lib/domain/status";
import { all, statusList } from "./execution-filter";
import { containing } from "./page";

export type RunFilter = {
  projectId?: string | undefined;
  graphId?: string | undefined;
  scheduleId?: string | undefined;
  status?: RunStatus[] | undefined;
  /** Part of the run's name. */
  text?: string | undefined;
};

/** How many runs one search for a text looks at. */
const SEARCHED_RUNS = 5000;

/**
 * The newest runs that match below a cursor, up to a count. A search for a text looks at a bounded number and then stops: `end`
 * is the id from which to go on, else null.
 */
export async function findRuns(
  db: Db,
  filter: RunFilter,
  { cursor, count }: { cursor: string | undefined; count: number },
): Promise<{ ids: string[]; end: string | null }> {
  const { text } = filter;
  const size = text ? SEARCHED_RUNS : count;
  const parts = partsOf(filter).map(
    (condition) => sql`(select r.id, r.name from runs r
      where ${condition} and ${cursor ? sql`r.id < ${cursor}::uuid` : sql`true`} order by r.id desc limit ${size})`,
  );
  const [row] = await db.execute<{ ids: string[]; end: string | null }>(sql`
    with s as materialized (
      select * from (${sql.join(parts, sql` union all `)}) p order by id desc limit ${size})
    select (select coalesce(json_agg(id), '[]') from (
        select id from s where ${text ? sql`name ilike ${containing(text)}` : sql`true`} order by id desc limit ${count}) f) as ids,
      case when ${Boolean(text)}::boolean and (select count(*) from s) = ${size} then (select id from s order by id limit 1) end as "end"`);
  return row ?? { ids: [], end: null };
}

/**
 * Conditions that each are a walk along an index that ends with the id: runs_project_id_idx, runs_graph_id_idx or
 * runs_schedule_id_idx, which have the status too; runs_status_idx for one status; or the primary key.
 */
function partsOf({ projectId, graphId, scheduleId, status }: RunFilter): SQL[] {
  const scope = all([
    projectId && sql`r.project_id = ${projectId}`,
    graphId && sql`r.graph_id = ${graphId}`,
    scheduleId && sql`r.schedule_id = ${scheduleId}`,
  ]);
  if (!status?.length) return [scope];
  if (projectId || graphId || scheduleId)
    return [sql`${scope} and r.status in (${statusList(status)})`];
  return [...new Set(status)].map((each) => sql`r.status = ${statusList([each])}`);
}
