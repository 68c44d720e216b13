import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { tasks } from "@/lib/db/schema/projects";
import { toTaskFields } from "@/lib/db/task-row";
import type { TaskDetail } from "@/lib/domain/views";

/** A task as its form opens it; null when there is none. */
export async function getTask(db: Db, { taskId }: { taskId: string }): Promise<TaskDetail | null> {
  const [row] = await db.select().from(tasks).where(eq(tasks.id, taskId));
  if (!row) return null;
  return { taskId, projectId: row.projectId, version: row.version, task: toTaskFields(row) };
}
