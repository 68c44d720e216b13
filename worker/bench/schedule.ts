import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Db } from "@/lib/db/database";
import { taskFieldsSchema } from "@/lib/domain/task-fields";
import { createGraph } from "@/lib/engine/create-graph";
import { createTask } from "@/lib/engine/create-task";
import { saveProject } from "@/lib/engine/save-project";
import { scheduleTaskBatch } from "@/lib/engine/schedule-task-batch";
import { scheduleTaskGraph } from "@/lib/engine/schedule-task-graph";
import type { Shape } from "./shapes";

export type BenchProject = { projectId: string; taskIds: string[] };

const actor = { type: "system", id: "bench" } as const;
/** How many executions a batch of independent ones has. */
const BATCH = 1000;

/** A project with so many tasks: the first made by the product, the others copied from it. */
export async function createBenchProject(db: Db, taskCount: number): Promise<BenchProject> {
  const { projectId } = await saveProject(db, {
    name: `Benchmark ${uuidv7()}`,
    description: "",
    actor,
  });
  const task = taskFieldsSchema.parse({
    key: "t",
    name: "Nothing",
    workflowParams: { image: "alpine:3.20", command: ["true"] },
  });
  const { taskId } = await createTask(db, { projectId, task, actor });
  const copies = await db.execute<{ id: string }>(sql`
    insert into tasks (id, project_id, key, name, description, priority, workflow_type, workflow_params, retry_strategy,
      max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter, retry_permanent_errors, timeout_seconds, metadata)
    select gen_random_uuid(), project_id, key || n, name, description, priority, workflow_type, workflow_params, retry_strategy,
      max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter, retry_permanent_errors, timeout_seconds, metadata
    from tasks, generate_series(2, ${taskCount}::int) n where id = ${taskId} returning id`);
  return { projectId, taskIds: [taskId, ...copies.map(({ id }) => id)] };
}

/** A saved graph of a project's tasks, one after the other. */
export async function drawGraph(db: Db, { projectId, taskIds }: BenchProject): Promise<string> {
  const { graphId } = await createGraph(db, { projectId, name: "Graph", description: "", actor });
  const places = JSON.stringify(taskIds.map((id, place) => ({ id, before: taskIds[place - 1] })));
  await db.execute(sql`
    with place as (select * from jsonb_to_recordset(${places}::jsonb) as p (id uuid, before uuid)),
    nodes as (
      insert into graph_nodes (project_id, graph_id, task_id, x, y) select ${projectId}, ${graphId}, id, 0, 0 from place)
    insert into dependencies (graph_id, task_id, depends_on_task_id) select ${graphId}, id, before from place where before is not null`);
  return graphId;
}

/** Schedules executions that wait for nothing, in batches, as the product does. */
export async function scheduleIndependent(
  db: Db,
  { projectId, taskIds }: BenchProject,
  count: number,
): Promise<void> {
  for (let left = count; left > 0; left -= BATCH) {
    const items = Array.from({ length: Math.min(BATCH, left) }, (_, i) => ({
      taskId: taskIds[i % taskIds.length] ?? "",
      overrides: {},
    }));
    await scheduleTaskBatch(db, { projectId, items, actor });
  }
}

/** Schedules one graph of this shape. */
export async function scheduleShape(
  db: Db,
  { projectId, taskIds }: BenchProject,
  shape: Shape,
): Promise<void> {
  const idOf = (place: number) => taskIds[place] ?? "";
  const tasks = shape.map((dependsOn, place) => ({
    taskId: idOf(place),
    dependsOn: dependsOn.map(idOf),
    overrides: {},
  }));
  await scheduleTaskGraph(db, { projectId, tasks, actor });
}
