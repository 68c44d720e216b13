import { eq, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { dependencies, graphNodes } from "@/lib/db/schema/projects";
import { asRecordset } from "./transaction";

type Node = { taskId: string; x: number; y: number };
type Dependency = { taskId: string; dependsOnTaskId: string };

type Drawing = {
  projectId: string;
  graphId: string;
  nodes: readonly Node[];
  dependencies: readonly Dependency[];
};

/**
 * Makes the stored nodes and dependencies of a graph equal to the drawing. The difference is found here, so that a small
 * change to a large graph writes little, and each kind of change is one statement. The caller holds the graph's lock.
 */
export async function saveDrawing(tx: Db, drawing: Drawing): Promise<void> {
  const { graphId } = drawing;
  const storedNodes = await tx.select().from(graphNodes).where(eq(graphNodes.graphId, graphId));
  const storedEdges = await tx.select().from(dependencies).where(eq(dependencies.graphId, graphId));
  const nodes = difference(storedNodes, drawing.nodes, ({ taskId, x, y }) => `${taskId} ${x} ${y}`);
  const edges = difference(
    storedEdges,
    drawing.dependencies,
    (d) => `${d.taskId} ${d.dependsOnTaskId}`,
  );
  const kept = new Set(drawing.nodes.map(({ taskId }) => taskId));
  await deleteEdges(tx, graphId, edges.gone);
  await deleteNodes(
    tx,
    graphId,
    nodes.gone.filter(({ taskId }) => !kept.has(taskId)),
  );
  await putNodes(tx, drawing, nodes.added);
  await insertEdges(tx, graphId, edges.added);
}

function difference<S extends T, T>(
  stored: readonly S[],
  drawn: readonly T[],
  nameOf: (item: T) => string,
): { gone: S[]; added: T[] } {
  const storedNames = new Set(stored.map(nameOf));
  const drawnNames = new Set(drawn.map(nameOf));
  return {
    gone: stored.filter((item) => !drawnNames.has(nameOf(item))),
    added: drawn.filter((item) => !storedNames.has(nameOf(item))),
  };
}

const EDGE = sql.raw(`n ("taskId" uuid, "dependsOnTaskId" uuid)`);
const NODE = sql.raw(`n ("taskId" uuid, x double precision, y double precision)`);

async function deleteEdges(tx: Db, graphId: string, edges: readonly Dependency[]) {
  if (edges.length === 0) return;
  await tx.execute(sql`
    delete from dependencies d using jsonb_to_recordset(${asRecordset(edges)}) as ${EDGE}
    where d.graph_id = ${graphId} and d.task_id = n."taskId" and d.depends_on_task_id = n."dependsOnTaskId"`);
}

async function deleteNodes(tx: Db, graphId: string, nodes: readonly Node[]) {
  if (nodes.length === 0) return;
  await tx.execute(sql`
    delete from graph_nodes g using jsonb_to_recordset(${asRecordset(nodes)}) as ${NODE}
    where g.graph_id = ${graphId} and g.task_id = n."taskId"`);
}

async function putNodes(
  tx: Db,
  { projectId, graphId }: Pick<Drawing, "projectId" | "graphId">,
  nodes: readonly Node[],
) {
  if (nodes.length === 0) return;
  const rows = asRecordset(nodes.map(({ taskId, x, y }) => ({ taskId, x, y })));
  await tx.execute(sql`
    insert into graph_nodes (project_id, graph_id, task_id, x, y)
    select ${projectId}, ${graphId}, n."taskId", n.x, n.y from jsonb_to_recordset(${rows}) as ${NODE}
    on conflict (graph_id, task_id) do update set x = excluded.x, y = excluded.y`);
}

async function insertEdges(tx: Db, graphId: string, edges: readonly Dependency[]) {
  if (edges.length === 0) return;
  await tx.execute(sql`
    insert into dependencies (graph_id, task_id, depends_on_task_id)
    select ${graphId}, n."taskId", n."dependsOnTaskId" from jsonb_to_recordset(${asRecordset(edges)}) as ${EDGE}`);
}
