import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { prepared, uuidArray } from "@/lib/db/prepared";
import { EngineError, type ErrorDetail } from "@/lib/domain/errors";
import { parseInput } from "@/lib/domain/parse-input";
import { PRIORITY_RANK } from "@/lib/domain/priority";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { type WorkflowType, workflowParamsSchemas } from "@/lib/domain/workflow";
import type { NewRun } from "./create-run";
import { findPoolProblem, listPoolIds } from "./find-pools";

type Task = { workflowType: WorkflowType; poolId: string | null };

/** A task as a run needs it. */
export type RunTaskRow = Task & { id: string; projectId: string; key: string; name: string };

const columns = sql`id, project_id as "projectId", key, name, workflow_type as "workflowType", pool_id as "poolId"`;

/** The task with this id. */
export async function findRunTask(db: Db, taskId: string): Promise<RunTaskRow | undefined> {
  const [task] = await db.execute<RunTaskRow>(
    sql`${prepared} select ${columns} from tasks where id = ${taskId}`,
  );
  return task;
}

function listTasks(tx: Db, { nodes, projectId }: NewRun): Promise<readonly RunTaskRow[]> {
  return tx.execute<RunTaskRow>(sql`${prepared}
    select ${columns} from tasks
    where id = any(${uuidArray(new Set(nodes.map(({ taskId }) => taskId)))}) and project_id = ${projectId}`);
}

/** Every node has a task by then; this only says so to the compiler. */
const NO_TASK: Task = { workflowType: "containerized_workflow", poolId: null };

/** What a node takes from its caller instead of from its task, ready to be stored. */
export type RunTask = { overrides: Record<string, unknown> };

/**
 * Checks that every node's task exists in the project and that params given for it fit its workflow type. Returns the
 * overrides to store by node key. A task of another project is answered like one that does not exist.
 */
export async function findRunTasks(tx: Db, run: NewRun): Promise<Map<string, RunTask>> {
  const rows = run.tasks ?? (await listTasks(tx, run));
  const byId = new Map<string, Task>(rows.map((row) => [row.id, row]));
  const unknown = run.nodes.flatMap((node, i): ErrorDetail[] =>
    byId.has(node.taskId) ? [] : [unknownTask(node.taskId, i)],
  );
  const first = unknown[0];
  if (first) throw new EngineError("unknown_task", first.message, unknown);
  const names = run.nodes.map(({ overrides }) => overrides.pool);
  const pools = await listPoolIds(tx, { projectId: run.projectId, names });
  return new Map(
    run.nodes.map((node, i) => {
      const task = byId.get(node.taskId) ?? NO_TASK;
      const problem = findPoolProblem(node.overrides, { task, known: pools });
      if (problem) throw new EngineError("invalid", problem, [poolDetail(problem, i)]);
      return [node.key, { overrides: toStored(node.overrides, task.workflowType, pools) }];
    }),
  );
}

function unknownTask(taskId: string, i: number): ErrorDetail {
  const message = `There is no task ${taskId} in this project.`;
  return { path: `tasks[${i}].taskId`, code: "unknown_task", message };
}

function poolDetail(message: string, i: number): ErrorDetail {
  return { path: `tasks[${i}].overrides.pool`, message };
}

function toStored(
  overrides: ExecutionOverrides,
  type: WorkflowType,
  pools: ReadonlyMap<string, string>,
) {
  const { priority, workflowParams, pool, ...rest } = overrides;
  return {
    ...rest,
    ...(pool !== undefined && { poolId: pools.get(pool ?? "") ?? null }),
    ...(priority !== undefined && { priority: PRIORITY_RANK[priority] }),
    ...(workflowParams !== undefined && {
      workflowParams: parseInput(workflowParamsSchemas[type], workflowParams),
    }),
  };
}
