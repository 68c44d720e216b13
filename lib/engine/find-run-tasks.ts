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

/** Every node has a task by then; this only says so to the compiler. */
const NO_TASK: Task = { workflowType: "containerized_workflow", poolId: null };

/** What a node takes from its caller instead of from its task, ready to be stored. */
export type RunTask = { overrides: Record<string, unknown> };

/**
 * Checks that every node's task exists in the project and that params given for it fit its workflow type. Returns the
 * overrides to store by node key. A task of another project is answered like one that does not exist.
 */
export async function findRunTasks(tx: Db, run: NewRun): Promise<Map<string, RunTask>> {
  const ids = new Set(run.nodes.map(({ taskId }) => taskId));
  const rows = await tx.execute<Task & { id: string }>(sql`${prepared}
    select id, workflow_type as "workflowType", pool_id as "poolId" from tasks
    where id = any(${uuidArray(ids)}) and project_id = ${run.projectId}`);
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
