import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import type { scheduleTaskSchema } from "@/lib/domain/inputs";
import { type CreatedRun, createRun, createRunOfTask, requestOf } from "./create-run";
import { findRunTask } from "./find-run-tasks";
import { notFound } from "./not-found";
import { changeAtOnce } from "./transaction";

/** Starts a single task: a run with one execution. */
export async function scheduleTask(
  db: Db,
  input: z.output<typeof scheduleTaskSchema> & { actor: Actor },
): Promise<CreatedRun> {
  return changeAtOnce(db, async (tx) => {
    const { taskId, overrides, ...rest } = input;
    // Nothing to check beforehand: one statement does it all, unless the task is gone.
    const isPlain = Object.keys(overrides).length === 0 && input.idempotencyKey === undefined;
    const created = isPlain ? await createRunOfTask(tx, { taskId, ...rest }) : null;
    if (created) return created;
    const task = await findRunTask(tx, taskId);
    if (!task) throw notFound("task", taskId);
    const { projectId, name, key } = task;
    const nodes = [{ key, taskId, dependsOn: [], overrides }];
    return createRun(tx, {
      ...rest,
      request: requestOf(input),
      projectId,
      source: "task",
      name,
      nodes,
      tasks: [task],
    });
  });
}
