import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { asRecordset } from "./transaction";

/**
 * Makes the stored nodes and dependencies of a graph equal to the drawing. Only what differs is written, each kind in one
 * statement whatever its size; the caller holds the lock of the graph.
 */
export async function saveDrawing(
  tx: Db,
  drawing: {
    projectId: string;
    graphId: string;
    nodes: readonly { taskId: string; x: number; y: number }[];
    dependencies: readonly { taskId: string; dependsOnTaskId: string }[];
  },
): Promise<void> {
  const { projectId, graphId } = drawing;
  const nodes = asRecordset(drawing.nodes.map(({ taskId, x, y }) => ({ task_id: taskId, x, y })));
  const edges = asRecordset(
    drawing.dependencies.map((d) => ({ task_id: d.taskId, depends_on_task_id: d.dependsOnTaskId })),
  );

  await tx.execute(sql`
    delete from dependencies d
    where d.graph_id = ${graphId} and not exists (
      select from jsonb_to_recordset(${edges}) as n (task_id uuid, depends_on_task_id uuid)
      where n.task_id = d.task_id and n.depends_on_task_id = d.depends_on_task_id)`);
  await tx.execute(sql`
    delete from graph_nodes g
    where g.graph_id = ${graphId} and not exists (
      select from jsonb_to_recordset(${nodes}) as n (task_id uuid) where n.task_id = g.task_id)`);
  await tx.execute(sql`
    insert into graph_nodes as g (project_id, graph_id, task_id, x, y)
    select ${projectId}, ${graphId}, n.task_id, n.x, n.y
    from jsonb_to_recordset(${nodes}) as n (task_id uuid, x double precision, y double precision)
    on conflict (graph_id, task_id) do update set x = excluded.x, y = excluded.y
    where (g.x, g.y) is distinct from (excluded.x, excluded.y)`);
  await tx.execute(sql`
    insert into dependencies (graph_id, task_id, depends_on_task_id)
    select ${graphId}, n.task_id, n.depends_on_task_id
    from jsonb_to_recordset(${edges}) as n (task_id uuid, depends_on_task_id uuid)
    on conflict do nothing`);
}
