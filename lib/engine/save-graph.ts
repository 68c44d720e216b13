import { and, eq, sql } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { graphs, graphVersions } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { saveGraphSchema } from "@/lib/domain/inputs";
import { checkDrawing } from "./check-drawing";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { saveDrawing } from "./save-drawing";
import { saveGraphTasks } from "./save-graph-tasks";
import { transact } from "./transaction";

type Input = z.output<typeof saveGraphSchema> & { actor: Actor };
type Graph = typeof graphs.$inferSelect;

/**
 * Stores a whole graph as drawn: its name, its tasks, their places and dependencies, as the next version. Refused when
 * somebody saved it after the version that the drawing was made from, so no change is ever overwritten unseen. Tasks that
 * are no longer drawn stay in the project. Returns the new versions of the graph and of every drawn task.
 */
export async function saveGraph(
  db: Db,
  input: Input,
): Promise<{ graphId: string; version: number; taskVersions: Record<string, number> }> {
  checkDrawing(input);
  const taken = {
    graphs_project_id_name_key: `The project already has a graph named "${input.name}"; choose another name.`,
    // Each is checked before; these are for another save of the same instant.
    tasks_project_id_key_key:
      "A task with one of these keys was just added to the project; reload the graph.",
    tasks_pkey: "One of these tasks was just added elsewhere; reload the graph.",
  };
  return refuseTaken(taken, () =>
    transact(db, async (tx) => {
      // The lock makes two saves follow each other; the second one then finds a newer version.
      const graph = await lockGraph(tx, input);
      const version = await raiseVersion(tx, graph, input);
      const taskVersions = await saveGraphTasks(tx, {
        projectId: graph.projectId,
        nodes: input.nodes,
      });
      await saveDrawing(tx, { ...input, projectId: graph.projectId });
      await keepVersion(tx, input, version);
      await notifyChange(tx, "graphs");
      return { graphId: graph.id, version, taskVersions };
    }),
  );
}

async function lockGraph(tx: Db, { graphId, version }: Input): Promise<Graph> {
  const [graph] = await tx.select().from(graphs).where(eq(graphs.id, graphId)).for("update");
  if (!graph) throw notFound("graph", graphId);
  if (graph.version === version) return graph;
  const at = graph.updatedAt.toISOString();
  throw new EngineError(
    "version_conflict",
    `The graph "${graph.name}" was saved meanwhile: version ${graph.version} at ${at}, while this drawing was made from version ${version}. Nothing was stored; reload it, or keep your drawing as a new graph.`,
  );
}

async function raiseVersion(tx: Db, graph: Graph, { name, description }: Input): Promise<number> {
  const version = graph.version + 1;
  await tx
    .update(graphs)
    .set({ name, description, version, updatedAt: sql`now()` })
    .where(and(eq(graphs.id, graph.id), eq(graphs.version, graph.version)));
  return version;
}

async function keepVersion(tx: Db, input: Input, version: number): Promise<void> {
  const { graphId, name, description, dependencies } = input;
  const nodes = input.nodes.map(({ taskId, x, y, task }) => ({ taskId, x, y, task }));
  const snapshot = { name, description, nodes, dependencies };
  await tx.insert(graphVersions).values({ graphId, version, snapshot });
}
