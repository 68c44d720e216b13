import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { pools, tasks } from "@/lib/db/schema/projects";
import { toTaskFields } from "@/lib/db/task-row";
import type { TaskDetail } from "@/lib/domain/views";

/** A task as its form opens it; null when there is none. */
export async function getTask(db: Db, { taskId }: { taskId: string }): Promise<TaskDetail | null> {
  const [row] = await db
    .select({ task: tasks, pool: pools.name })
    .from(tasks)
    .leftJoin(pools, eq(pools.id, tasks.poolId))
    .where(eq(tasks.id, taskId));
  if (!row) return null;
  const { projectId, version } = row.task;
  return { taskId, projectId, version, task: toTaskFields(row.task, row.pool) };
}
