import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { isRunFinal, runStatuses } from "@/lib/domain/status";
import { all, type ExecutionFilter, statusList } from "./execution-filter";

/*
 * Newest executions first, of all or of some: so many rows at most, however many there are. Ids go up with time. Rows that
 * change their status write every index they are in, so executions have no index by project or by graph; theirs are found
 * through their runs, which have.
 */

/** Rows of executions to look at: a SELECT of `columns` in no order, and the id down to which it has them all. */
export type Stretch = {
  rows: SQL;
  /** An expression over the CTE `s` of the rows: the id below which there may be more, or null when that is all. */
  end: SQL;
};

type Scope = Pick<ExecutionFilter, "projectId" | "graphId" | "runId" | "taskId"> & {
  /** Only what belongs to runs that are not final. */
  active?: boolean;
};

type Place = { cursor?: string | undefined; size: number };

/** Of a row what lists and statistics ask; the wide columns stay where they are. */
export const columns = sql.raw(
  [
    "id, run_id, project_id, task_id, task_key, task_name, priority, status, attempt, due_at",
    "scheduled_at, ready_at, created_at, started_at, finished_at",
  ]
    .join(", ")
    .replace(/(\w+)/g, "e.$1"),
);

export const activeRunStatuses = runStatuses.filter((status) => !isRunFinal(status));

/**
 * The newest executions of this scope below the cursor, so many that at least `size` of them are there, if there are: by the
 * primary key, executions_task_id_idx, executions_run_id_task_key_key, or through the runs.
 */
export async function newestExecutions(db: Db, scope: Scope, place: Place): Promise<Stretch> {
  const { runId, taskId, projectId, graphId, active } = scope;
  if (runId) return ofRun(runId, place);
  if (taskId) return walk(sql`e.task_id = ${taskId}`, place);
  if (projectId || graphId || active) return throughRuns(db, scope, place);
  return walk(sql`true`, place);
}

/** Executions in the order of an index that ends with the id. */
export function walk(condition: SQL, { cursor, size }: Place): Stretch {
  return {
    rows: sql`select ${columns} from executions e where ${condition} and ${before(cursor)}
      order by e.id desc limit ${size}`,
    end: sql`(select case when (select count(*) from s) = ${size} then (select id from s order by id limit 1) end)`,
  };
}

/** A run has no more than a graph may have tasks. */
function ofRun(runId: string, { cursor }: Place): Stretch {
  return {
    rows: sql`select ${columns} from executions e where e.run_id = ${runId} and ${before(cursor)}`,
    end: sql`null::uuid`,
  };
}

function before(cursor: string | undefined): SQL {
  return cursor ? sql`e.id < ${cursor}::uuid` : sql`true`;
}

/** While the ids of a run's executions are given out, another run may be given its own. */
const OVERLAP_MS = 5000;

/**
 * An execution's id is greater than its run's. So everything above the id of some run belongs to that run, to later ones, or
 * to ones that were created just before it.
 */
async function throughRuns(db: Db, scope: Scope, { cursor, size }: Place): Promise<Stretch> {
  const { projectId, graphId, active } = scope;
  const inScope = all([
    projectId && sql`r.project_id = ${projectId}`,
    graphId && sql`r.graph_id = ${graphId}`,
    active && sql`r.status in (${statusList(activeRunStatuses)})`,
    cursor && sql`r.id < ${cursor}::uuid`,
  ]);
  const edge = await findEdge(db, inScope, size);
  const from = edge === null ? sql`true` : sql`r.id >= ${earlier(edge, OVERLAP_MS)}::uuid`;
  const after = edge === null ? sql`true` : sql`e.id > ${edge}::uuid`;
  return {
    // OFFSET 0 makes the planner look up each run's executions by executions_run_id_task_key_key.
    rows: sql`select s.* from (select r.id from runs r where ${inScope} and ${from} offset 0) r cross join lateral (
      select ${columns} from executions e where e.run_id = r.id and ${before(cursor)} and ${after} offset 0) s`,
    end: edge === null ? sql`null::uuid` : sql`${edge}::uuid`,
  };
}

/**
 * The newest run at which they have so many executions together; null when all together have fewer. By runs_project_id_idx,
 * runs_graph_id_idx or runs_status_idx alone.
 */
async function findEdge(db: Db, inScope: SQL, size: number): Promise<string | null> {
  const [edge] = await db.execute<{ id: string }>(sql`
    select id from (
      select id, sum(total_count) over (order by id desc rows unbounded preceding) as upto from (
        select r.id, r.total_count from runs r where ${inScope} order by r.id desc limit ${size}) newest
    ) summed where upto >= ${size} order by id desc limit 1`);
  return edge?.id ?? null;
}

/** An id that sorts before all that were given out so many milliseconds earlier; the first 48 bits are the time. */
function earlier(id: string, ms: number): string {
  const time = Math.max(0, Number.parseInt(id.replace("-", "").slice(0, 12), 16) - ms);
  const digits = time.toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}
