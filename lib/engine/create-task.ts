import { v7 as uuidv7 } from "uuid";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { tasks } from "@/lib/db/schema/projects";
import { toTaskRow } from "@/lib/db/task-row";
import type { Actor } from "@/lib/domain/actor";
import type { createTaskSchema } from "@/lib/domain/inputs";
import { findPools } from "./find-pools";
import { notifyChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { requireProject } from "./require-project";
import { transact } from "./transaction";

type Input = z.output<typeof createTaskSchema> & { actor: Actor };

/** Adds a task to a project. */
export async function createTask(
  db: Db,
  { projectId, task }: Input,
): Promise<{ taskId: string; version: number }> {
  const taken = `The project already has a task with the key "${task.key}"; choose another key.`;
  return refuseTaken({ tasks_project_id_key_key: taken }, () =>
    transact(db, async (tx) => {
      await requireProject(tx, projectId);
      const { pool } = task;
      const poolIdOf = await findPools(tx, { projectId, named: [{ pool, path: "task.pool" }] });
      const taskId = uuidv7();
      await tx.insert(tasks).values({ id: taskId, projectId, ...toTaskRow(task, poolIdOf(pool)) });
      await notifyChange(tx, "projects");
      return { taskId, version: 1 };
    }),
  );
}
