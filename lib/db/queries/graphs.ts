import { asc, eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { dependencies, graphNodes, graphs, pools, projects, tasks } from "@/lib/db/schema/projects";
import { toTaskFields } from "@/lib/db/task-row";
import type { GraphDetail } from "@/lib/domain/views";

/** A graph as the editor opens it; null when there is none. */
export async function getGraph(
  db: Db,
  { graphId }: { graphId: string },
): Promise<GraphDetail | null> {
  // One snapshot for all three reads: a drawing of one version with the version number of another would be saved over it.
  return db.transaction(
    async (tx) => {
      const [graph] = await tx
        .select({
          graphId: graphs.id,
          projectId: graphs.projectId,
          projectName: projects.name,
          name: graphs.name,
          description: graphs.description,
          version: graphs.version,
        })
        .from(graphs)
        .innerJoin(projects, eq(projects.id, graphs.projectId))
        .where(eq(graphs.id, graphId));
      if (!graph) return null;
      return {
        ...graph,
        nodes: await listNodes(tx, graphId),
        dependencies: await listDependencies(tx, graphId),
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function listNodes(tx: Db, graphId: string): Promise<GraphDetail["nodes"]> {
  const rows = await tx
    .select({ x: graphNodes.x, y: graphNodes.y, task: tasks, pool: pools.name })
    .from(graphNodes)
    .innerJoin(tasks, eq(tasks.id, graphNodes.taskId))
    .leftJoin(pools, eq(pools.id, tasks.poolId))
    .where(eq(graphNodes.graphId, graphId))
    .orderBy(asc(graphNodes.taskId));
  return rows.map(({ x, y, task, pool }) => ({
    taskId: task.id,
    taskVersion: task.version,
    x,
    y,
    task: toTaskFields(task, pool),
  }));
}

async function listDependencies(tx: Db, graphId: string): Promise<GraphDetail["dependencies"]> {
  return tx
    .select({ taskId: dependencies.taskId, dependsOnTaskId: dependencies.dependsOnTaskId })
    .from(dependencies)
    .where(eq(dependencies.graphId, graphId))
    .orderBy(asc(dependencies.taskId), asc(dependencies.dependsOnTaskId));
}
