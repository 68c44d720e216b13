import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { prepared, uuidArray } from "@/lib/db/prepared";
import { EngineError, type ErrorDetail } from "@/lib/domain/errors";
import { parseInput } from "@/lib/domain/parse-input";
import { PRIORITY_RANK } from "@/lib/domain/priority";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { type WorkflowType, workflowParamsSchemas } from "@/lib/domain/workflow";
import type { NewRun } from "./create-run";

/** What a node takes from its caller instead of from its task, ready to be stored. */
export type RunTask = { overrides: Record<string, unknown> };

/**
 * Checks that every node's task exists in the project and that params given for it fit its workflow type. Returns the
 * overrides to store by node key. A task of another project is answered like one that does not exist.
 */
export async function findRunTasks(tx: Db, run: NewRun): Promise<Map<string, RunTask>> {
  const ids = new Set(run.nodes.map(({ taskId }) => taskId));
  const rows = await tx.execute<{ id: string; workflowType: WorkflowType }>(sql`${prepared}
    select id, workflow_type as "workflowType" from tasks
    where id = any(${uuidArray(ids)}) and project_id = ${run.projectId}`);
  const types = new Map(rows.map((row) => [row.id, row.workflowType]));
  const unknown = run.nodes.flatMap((node, i): ErrorDetail[] =>
    types.has(node.taskId) ? [] : [unknownTask(node.taskId, i)],
  );
  const first = unknown[0];
  if (first) throw new EngineError("unknown_task", first.message, unknown);
  return new Map(
    run.nodes.map((node) => {
      const type = types.get(node.taskId) ?? "containerized_workflow";
      return [node.key, { overrides: toStored(node.overrides, type) }];
    }),
  );
}

function unknownTask(taskId: string, i: number): ErrorDetail {
  const message = `There is no task ${taskId} in this project.`;
  return { path: `tasks[${i}].taskId`, code: "unknown_task", message };
}

function toStored(overrides: ExecutionOverrides, type: WorkflowType) {
  const { priority, workflowParams, ...rest } = overrides;
  return {
    ...rest,
    ...(priority !== undefined && { priority: PRIORITY_RANK[priority] }),
    ...(workflowParams !== undefined && {
      workflowParams: parseInput(workflowParamsSchemas[type], workflowParams),
    }),
  };
}
