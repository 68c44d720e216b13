import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Db } from "@/lib/db/database";
import { projects } from "@/lib/db/schema/projects";
import { settings } from "@/lib/db/schema/settings";
import type { Actor } from "@/lib/domain/actor";
import { saveGraphSchema } from "@/lib/domain/inputs";
import { parseInput } from "@/lib/domain/parse-input";
import { createGraph } from "./create-graph";
import { exampleTasks } from "./example-tasks";
import { saveGraph } from "./save-graph";
import { saveProject } from "./save-project";
import { transact } from "./transaction";

const SEEDED = "example_project_seeded";
const ACTOR: Actor = { type: "system", id: "first start" };

/**
 * Puts the example project into a database that never had a project; once, so that it does not come back after somebody
 * deleted it. Returns the ids, or null when there was nothing to do. Safe to call from several processes at once.
 */
export async function seedExampleProject(
  db: Db,
): Promise<{ projectId: string; graphId: string } | null> {
  return transact(db, async (tx) => {
    // A second process waits here until the first one has committed, and then finds the row.
    const remembered = await tx
      .insert(settings)
      .values({ key: SEEDED, value: true })
      .onConflictDoNothing()
      .returning({ key: settings.key });
    if (remembered.length === 0 || (await hasProject(tx))) return null;
    const { projectId } = await saveProject(tx, {
      name: "Example",
      description: "A small sales report to try things with. Change it as you like, or delete it.",
      actor: ACTOR,
    });
    await tx.update(projects).set({ isExample: true }).where(eq(projects.id, projectId));
    return { projectId, graphId: await drawGraph(tx, projectId) };
  });
}

async function hasProject(tx: Db): Promise<boolean> {
  const found = await tx.select({ one: sql`1` }).from(projects).limit(1);
  return found.length > 0;
}

async function drawGraph(tx: Db, projectId: string): Promise<string> {
  const name = "Sales report";
  const description = "Press Run: three tasks work at once, and one of them fails at first.";
  const { graphId } = await createGraph(tx, { projectId, name, description, actor: ACTOR });
  const ids = new Map(exampleTasks.map(({ task }) => [task.key, uuidv7()]));
  const nodes = exampleTasks.map(({ x, y, task }) => ({
    taskId: ids.get(task.key),
    taskVersion: 0,
    x,
    y,
    task,
  }));
  const dependencies = exampleTasks.flatMap(({ task, dependsOn }) =>
    dependsOn.map((key) => ({ taskId: ids.get(task.key), dependsOnTaskId: ids.get(key) })),
  );
  const drawing = { graphId, version: 1, name, description, nodes, dependencies };
  await saveGraph(tx, { ...parseInput(saveGraphSchema, drawing), actor: ACTOR });
  return graphId;
}
