import { and, eq, inArray } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { tasks } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { findGraphProblems } from "@/lib/domain/graph";
import type { scheduleTaskGraphSchema } from "@/lib/domain/inputs";
import { type CreatedRun, createRun, requestOf } from "./create-run";
import { requireProject } from "./require-project";
import { transact } from "./transaction";

/** Starts tasks of a project with dependencies among them, all or nothing, without a saved graph. */
export async function scheduleTaskGraph(
  db: Db,
  input: z.output<typeof scheduleTaskGraphSchema> & { actor: Actor },
): Promise<CreatedRun> {
  // Before the database does any work: what is too large or goes round in circles is refused by ids.
  const problems = findGraphProblems(
    input.tasks.map(({ taskId, dependsOn }) => ({ key: taskId, dependsOn })),
  ).filter(({ code }) => code !== "cycle");
  if (problems[0])
    throw new EngineError(problems[0].code ?? "invalid", problems[0].message, problems);
  return transact(db, async (tx) => {
    const { tasks: asked, ...rest } = input;
    await requireProject(tx, input.projectId);
    const rows = await tx
      .select({ id: tasks.id, key: tasks.key })
      .from(tasks)
      .where(
        and(
          eq(tasks.projectId, input.projectId),
          inArray(
            tasks.id,
            asked.map((t) => t.taskId),
          ),
        ),
      );
    const keys = new Map(rows.map((row) => [row.id, row.key]));
    const keyOf = (id: string) => keys.get(id) ?? id;
    const nodes = asked.map(({ taskId, dependsOn, overrides }) => ({
      key: keyOf(taskId),
      taskId,
      dependsOn: dependsOn.map(keyOf),
      overrides,
    }));
    const name = input.name ?? `${nodes.length} tasks`;
    return createRun(tx, { ...rest, request: requestOf(input), source: "graph", name, nodes });
  });
}
