import { asc, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions, runs } from "@/lib/db/schema/executions";
import { graphNodes, graphs, projects, tasks } from "@/lib/db/schema/projects";
import { MAX_TASKS_PER_GRAPH } from "@/lib/domain/limits";
import { priorityOf } from "@/lib/domain/priority";
import { taskStatusOf } from "@/lib/domain/status";
import type { GraphSummary, ProjectDetail, ProjectSummary, TaskSummary } from "@/lib/domain/views";
import { activeRunStatuses } from "./newest-executions";

const MAX_PROJECTS = 1000;
const MAX_GRAPHS = 1000;

/** All projects by name, the example last. */
export async function listProjects(db: Db): Promise<ProjectSummary[]> {
  return selectProjects(db, sql`true`);
}

/** A project with its tasks and graphs; null when there is none. */
export async function getProject(
  db: Db,
  { projectId }: { projectId: string },
): Promise<ProjectDetail | null> {
  const [project] = await selectProjects(db, eq(projects.id, projectId));
  if (!project) return null;
  const [taskList, graphList] = await Promise.all([
    listTasks(db, projectId),
    listGraphs(db, projectId),
  ]);
  return { ...project, tasks: taskList, graphs: graphList };
}

/** The counts use tasks_project_id_key_key, graphs_project_id_name_key and runs_status_idx. */
async function selectProjects(db: Db, where: SQL): Promise<ProjectSummary[]> {
  const activeRuns = db
    .select({ projectId: runs.projectId, count: sql<number>`count(*)::int`.as("active_count") })
    .from(runs)
    .where(inArray(runs.status, activeRunStatuses))
    .groupBy(runs.projectId)
    .as("active_runs");
  const rows = await db
    .select({
      project: projects,
      taskCount: sql<number>`(select count(*)::int from ${tasks} t where t.project_id = ${projects.id})`,
      graphCount: sql<number>`(select count(*)::int from ${graphs} g where g.project_id = ${projects.id})`,
      activeRunCount: sql<number>`coalesce(${activeRuns.count}, 0)`,
    })
    .from(projects)
    .leftJoin(activeRuns, eq(activeRuns.projectId, projects.id))
    .where(where)
    .orderBy(asc(projects.isExample), asc(projects.name))
    .limit(MAX_PROJECTS);
  return rows.map(({ project: { id, createdAt, updatedAt, ...rest }, ...counts }) => ({
    ...rest,
    ...counts,
    projectId: id,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
}

/** The latest execution of each task is one step into executions_task_id_idx. */
async function listTasks(db: Db, projectId: string): Promise<TaskSummary[]> {
  const latest = db
    .select({ id: executions.id, status: executions.status, createdAt: executions.createdAt })
    .from(executions)
    .where(eq(executions.taskId, tasks.id))
    .orderBy(desc(executions.id))
    .limit(1)
    .as("latest");
  const [rows, graphsOf] = await Promise.all([
    db
      .select({
        taskId: tasks.id,
        key: tasks.key,
        name: tasks.name,
        description: tasks.description,
        priority: tasks.priority,
        workflowType: tasks.workflowType,
        updatedAt: tasks.updatedAt,
        latest: { id: latest.id, status: latest.status, createdAt: latest.createdAt },
      })
      .from(tasks)
      .leftJoinLateral(latest, sql`true`)
      .where(eq(tasks.projectId, projectId))
      .orderBy(asc(tasks.name), asc(tasks.id))
      .limit(MAX_TASKS_PER_GRAPH),
    listGraphsByTask(db, projectId),
  ]);
  return rows.map(({ latest: execution, ...task }) => ({
    ...task,
    priority: priorityOf(task.priority),
    status: taskStatusOf(execution?.status ?? null),
    latestExecution: execution && {
      executionId: execution.id,
      status: execution.status,
      createdAt: execution.createdAt.toISOString(),
    },
    graphs: graphsOf.get(task.taskId) ?? [],
    updatedAt: task.updatedAt.toISOString(),
  }));
}

async function listGraphsByTask(
  db: Db,
  projectId: string,
): Promise<Map<string, TaskSummary["graphs"]>> {
  const rows = await db
    .select({ taskId: graphNodes.taskId, graphId: graphs.id, name: graphs.name })
    .from(graphs)
    .innerJoin(graphNodes, eq(graphNodes.graphId, graphs.id))
    .where(eq(graphs.projectId, projectId))
    .orderBy(asc(graphs.name));
  const byTask = new Map<string, TaskSummary["graphs"]>();
  for (const { taskId, graphId, name } of rows) {
    const list = byTask.get(taskId) ?? [];
    list.push({ graphId, name });
    byTask.set(taskId, list);
  }
  return byTask;
}

/** The latest run of each graph is one step into runs_graph_id_idx. */
async function listGraphs(db: Db, projectId: string): Promise<GraphSummary[]> {
  const latest = db
    .select({ id: runs.id, status: runs.status, createdAt: runs.createdAt })
    .from(runs)
    .where(eq(runs.graphId, graphs.id))
    .orderBy(desc(runs.id))
    .limit(1)
    .as("latest");
  const rows = await db
    .select({
      graphId: graphs.id,
      name: graphs.name,
      description: graphs.description,
      version: graphs.version,
      taskCount: sql<number>`(select count(*)::int from ${graphNodes} n where n.graph_id = ${graphs.id})`,
      updatedAt: graphs.updatedAt,
      latest: { id: latest.id, status: latest.status, createdAt: latest.createdAt },
    })
    .from(graphs)
    .leftJoinLateral(latest, sql`true`)
    .where(eq(graphs.projectId, projectId))
    .orderBy(asc(graphs.name))
    .limit(MAX_GRAPHS);
  return rows.map(({ latest: run, ...graph }) => ({
    ...graph,
    latestRun: run && {
      runId: run.id,
      status: run.status,
      createdAt: run.createdAt.toISOString(),
    },
    updatedAt: graph.updatedAt.toISOString(),
  }));
}
