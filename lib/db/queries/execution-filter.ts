import { type SQL, sql } from "drizzle-orm";
import { PRIORITY_RANK, type Priority } from "@/lib/domain/priority";
import type { ExecutionStatus } from "@/lib/domain/status";
import { containing } from "./page";

/** What a list of executions can be narrowed to; what is not given does not count. */
export type ExecutionFilter = {
  projectId?: string | undefined;
  graphId?: string | undefined;
  runId?: string | undefined;
  taskId?: string | undefined;
  priority?: Priority[] | undefined;
  /** Part of the task's name or key, or of the run's name. */
  text?: string | undefined;
};

/** The conditions of a filter for the rows of the CTE `s`. Each of their runs is looked up once. */
export function matches(filter: Filter): SQL {
  return conditions(filter, sql`r.id = any(array(select distinct s.run_id from s))`);
}

/** The same for the table of executions under the name `s`. */
export function matchesAnywhere(filter: Filter): SQL {
  return conditions(filter, sql`true`);
}

type Filter = ExecutionFilter & { status?: readonly ExecutionStatus[] };

function conditions(filter: Filter, isAmong: SQL): SQL {
  const { projectId, graphId, runId, taskId, priority, text, status } = filter;
  const ofRuns = (where: SQL) =>
    sql`s.run_id = any(array(select r.id from runs r where ${isAmong} and ${where}))`;
  const pattern = text ? containing(text) : "";
  return all([
    status?.length && sql`s.status in (${statusList(status)})`,
    projectId && sql`s.project_id = ${projectId}`,
    runId && sql`s.run_id = ${runId}`,
    taskId && sql`s.task_id = ${taskId}`,
    priority?.length && sql`s.priority in (${rankList(priority)})`,
    graphId && ofRuns(sql`r.graph_id = ${graphId}`),
    text &&
      sql`(s.task_name ilike ${pattern} or s.task_key ilike ${pattern} or ${ofRuns(sql`r.name ilike ${pattern}`)})`,
  ]);
}

/** All of these conditions; what is not set does not count. */
export function all(conditions: readonly (SQL | undefined | false | "" | 0)[]): SQL {
  return sql.join([sql`true`, ...conditions.filter((each) => each instanceof Object)], sql` and `);
}

/** As literals: the planner proves by them that a partial index has all the rows. */
export function statusList(statuses: readonly string[]): SQL {
  return sql.raw(statuses.map((status) => `'${status}'`).join(", "));
}

export function rankList(priority: readonly Priority[]): SQL {
  return sql.raw(priority.map((name) => PRIORITY_RANK[name]).join(", "));
}
