import { eq } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { dependencies, graphNodes, graphs, tasks } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { runGraphSchema } from "@/lib/domain/inputs";
import type { Priority } from "@/lib/domain/priority";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { type CreatedRun, createRun, type Fire, requestOf } from "./create-run";
import { notFound } from "./not-found";
import { transact } from "./transaction";

type RunGraphInput = z.output<typeof runGraphSchema> & {
  actor: Actor;
  /** Of every execution, instead of its task's own. */
  priority?: Priority | null;
  fire?: Fire;
  /** What was asked for, where it is more or less than the rest of the input. */
  request?: object;
};

/**
 * Starts a saved graph, or some of its tasks. With `version` it refuses to start another version than the one the person
 * saw (EngineError `version_conflict`).
 */
export async function runGraph(db: Db, input: RunGraphInput): Promise<CreatedRun> {
  return transact(db, async (tx) => {
    const { graphId, version, taskIds, priority, request, ...rest } = input;
    // A share lock keeps a save from changing the graph while it is read.
    const [graph] = await tx.select().from(graphs).where(eq(graphs.id, graphId)).for("share");
    if (!graph) throw notFound("graph", graphId);
    if (version !== undefined && version !== graph.version)
      throw new EngineError(
        "version_conflict",
        `The graph was changed meanwhile (version ${graph.version}, you saw ${version}); look at it again before you run it.`,
      );
    const nodes = await readNodes(tx, {
      graphId,
      taskIds,
      overrides: priority ? { priority } : {},
    });
    return createRun(tx, {
      ...rest,
      request: request ?? requestOf(input),
      projectId: graph.projectId,
      source: "graph",
      name: graph.name,
      graphId,
      graphVersion: graph.version,
      nodes,
    });
  });
}

async function readNodes(
  tx: Db,
  input: { graphId: string; taskIds: string[] | undefined; overrides: ExecutionOverrides },
) {
  const rows = await tx
    .select({ taskId: tasks.id, key: tasks.key, x: graphNodes.x, y: graphNodes.y })
    .from(graphNodes)
    .innerJoin(tasks, eq(tasks.id, graphNodes.taskId))
    .where(eq(graphNodes.graphId, input.graphId))
    .orderBy(tasks.key);
  const edges = await tx.select().from(dependencies).where(eq(dependencies.graphId, input.graphId));
  const chosen = new Set(input.taskIds ?? rows.map(({ taskId }) => taskId));
  const nodes = rows.filter(({ taskId }) => chosen.has(taskId));
  if (nodes.length < chosen.size)
    throw new EngineError(
      "unknown_task",
      "One of the chosen tasks is not in the graph; reload it.",
    );
  const keys = new Map(nodes.map(({ taskId, key }) => [taskId, key]));
  const dependsOn = new Map<string, string[]>(nodes.map(({ taskId }) => [taskId, []]));
  for (const edge of edges) {
    const key = keys.get(edge.dependsOnTaskId);
    if (key !== undefined) dependsOn.get(edge.taskId)?.push(key);
  }
  return nodes.map((node) => ({
    ...node,
    dependsOn: dependsOn.get(node.taskId) ?? [],
    overrides: input.overrides,
  }));
}
