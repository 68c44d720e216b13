import { eq, sql } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { tasks } from "@/lib/db/schema/projects";
import { toTaskRow } from "@/lib/db/task-row";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { updateTaskSchema } from "@/lib/domain/inputs";
import { findPools } from "./find-pools";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { transact } from "./transaction";

type Input = z.output<typeof updateTaskSchema> & { actor: Actor };

/** Changes a task. Refused when somebody changed it after the version that the change was made from. */
export async function updateTask(
  db: Db,
  { taskId, version, task }: Input,
): Promise<{ taskId: string; version: number }> {
  const taken = `The project already has a task with the key "${task.key}"; choose another key.`;
  return refuseTaken({ tasks_project_id_key_key: taken }, () =>
    transact(db, async (tx) => {
      const [stored] = await tx.select().from(tasks).where(eq(tasks.id, taskId)).for("update");
      if (!stored) throw notFound("task", taskId);
      if (stored.version !== version) throw outdated(stored);
      const { projectId } = stored;
      const { pool } = task;
      const poolIdOf = await findPools(tx, { projectId, named: [{ pool, path: "task.pool" }] });
      await tx
        .update(tasks)
        .set({ ...toTaskRow(task, poolIdOf(pool)), version: version + 1, updatedAt: sql`now()` })
        .where(eq(tasks.id, taskId));
      await notifyChange(tx, "projects");
      return { taskId, version: version + 1 };
    }),
  );
}

function outdated(stored: { name: string; version: number; updatedAt: Date }): EngineError {
  const at = stored.updatedAt.toISOString();
  return new EngineError(
    "version_conflict",
    `The task "${stored.name}" was changed meanwhile: version ${stored.version} was saved at ${at}. Reload it and make your change again.`,
  );
}
