import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import type { scheduleTaskSchema } from "@/lib/domain/inputs";
import { type CreatedRun, createRun, requestOf } from "./create-run";
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
