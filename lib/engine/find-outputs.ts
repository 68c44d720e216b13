import { and, eq, inArray } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";
import type { TaskOutputs } from "@/lib/domain/references";

/** The outputs of the completed executions of a run among the given task keys. */
export async function findOutputs(
  db: Db,
  input: { runId: string; taskKeys: readonly string[] },
): Promise<TaskOutputs> {
  const rows = await db
    .select({ taskKey: executions.taskKey, result: executions.result })
    .from(executions)
    .where(
      and(
        eq(executions.runId, input.runId),
        inArray(executions.taskKey, [...input.taskKeys]),
        eq(executions.status, "COMPLETED"),
      ),
    );
  return new Map(rows.map(({ taskKey, result }) => [taskKey, result?.outputs ?? {}]));
}
