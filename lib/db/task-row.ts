import { PRIORITY_RANK, priorityOf } from "@/lib/domain/priority";
import type { TaskFields } from "@/lib/domain/task-fields";
import type { tasks } from "./schema/projects";

type TaskRow = typeof tasks.$inferSelect;

/** The columns that hold a task's fields; its pool is stored by id, so that a pool may be renamed. */
export function toTaskRow({ pool: _, ...task }: TaskFields, poolId: string | null) {
  return { ...task, priority: PRIORITY_RANK[task.priority], poolId };
}

/** The fields of a stored task, as the forms and the API know them, with the name of its pool. */
export function toTaskFields(
  row: Omit<TaskRow, "id" | "projectId" | "version" | "createdAt" | "updatedAt">,
  pool: string | null,
) {
  const fields = {
    key: row.key,
    name: row.name,
    description: row.description,
    priority: priorityOf(row.priority),
    workflowType: row.workflowType,
    workflowParams: row.workflowParams,
    retryStrategy: row.retryStrategy,
    maxRetries: row.maxRetries,
    retryDelaySeconds: row.retryDelaySeconds,
    maxRetryDelaySeconds: row.maxRetryDelaySeconds,
    retryJitter: row.retryJitter,
    retryOnExitCodes: row.retryOnExitCodes,
    retryPermanentErrors: row.retryPermanentErrors,
    timeoutSeconds: row.timeoutSeconds,
    metadata: row.metadata,
    pool,
    poolKey: row.poolKey,
  };
  // Only params that the schema of their type has accepted are ever stored; the worker checks them again before it runs.
  return fields as TaskFields;
}
