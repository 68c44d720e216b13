import { sql } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { Actor } from "@/lib/domain/actor";
import type { scheduleTaskSchema } from "@/lib/domain/inputs";
import { type CreatedRun, createRun, requestOf } from "./create-run";
import { notFound } from "./not-found";
import { transact } from "./transaction";

/** Starts a single task: a run with one execution. */
export async function scheduleTask(
  db: Db,
  input: z.output<typeof scheduleTaskSchema> & { actor: Actor },
): Promise<CreatedRun> {
  return transact(db, async (tx) => {
    const { taskId, overrides, ...rest } = input;
    const [task] = await tx.execute<{
      projectId: string;
      name: string;
      key: string;
    }>(sql`${prepared}
      select project_id as "projectId", name, key from tasks where id = ${taskId}`);
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
    });
  });
}
