import { asc, eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { graphNodes, graphs, tasks } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { transact } from "./transaction";

/** How many graphs a refusal names. */
const NAMED_GRAPHS = 5;

/** Deletes a task that no graph holds. Its executions stay and keep their copy of it. */
export async function deleteTask(
  db: Db,
  { taskId }: { taskId: string; actor: Actor },
): Promise<Record<string, never>> {
  return transact(db, async (tx) => {
    // The lock also makes a graph that is being saved with this task wait, so none is missed below.
    const [task] = await tx
      .select({ name: tasks.name })
      .from(tasks)
      .where(eq(tasks.id, taskId))
      .for("update");
    if (!task) throw notFound("task", taskId);
    const names = await listGraphsOf(tx, taskId);
    if (names.length > 0) throw heldBy(task.name, names);
    await tx.delete(tasks).where(eq(tasks.id, taskId));
    await notifyChange(tx, "projects");
    return {};
  });
}

async function listGraphsOf(tx: Db, taskId: string): Promise<string[]> {
  const rows = await tx
    .select({ name: graphs.name })
    .from(graphNodes)
    .innerJoin(graphs, eq(graphs.id, graphNodes.graphId))
    .where(eq(graphNodes.taskId, taskId))
    .orderBy(asc(graphs.name));
  return rows.map(({ name }) => name);
}

function heldBy(task: string, graphNames: string[]): EngineError {
  const shown = graphNames.slice(0, NAMED_GRAPHS).map((name) => `"${name}"`);
  const others = graphNames.length - shown.length;
  const list = `${shown.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
  const what = graphNames.length === 1 ? "graph" : "graphs";
  return new EngineError(
    "conflict",
    `The task "${task}" is part of the ${what} ${list}; remove it there first.`,
  );
}
