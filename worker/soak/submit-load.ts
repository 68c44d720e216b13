import { taskFieldsSchema } from "@/lib/domain/task-fields";
import { createPool } from "@/lib/engine/create-pool";
import { createTask } from "@/lib/engine/create-task";
import { scheduleTaskGraph } from "@/lib/engine/schedule-task-graph";
import { addProject, person } from "@/lib/testing/engine-factories";
import { MAX_TASKS, type SoakGraph } from "./random-graphs";
import { POOLS } from "./soak-pools";
import { toWorkflowParams } from "./task-scripts";
import { untilAnswered } from "./until-answered";
import type { World } from "./world";

/** The tasks that all graphs are made of; what they run is said anew for each execution. */
export type Tasks = { projectId: string; taskIds: string[] };

const keyOf = (place: number) => `t${place}`;

/** Creates the project with its pools and tasks. */
export async function createTasks({ db }: Pick<World, "db">): Promise<Tasks> {
  const projectId = await addProject(db);
  for (const [name, { slots }] of Object.entries(POOLS))
    await createPool(db, { projectId, name, slots, description: "", actor: person });
  const taskIds: string[] = [];
  for (let place = 0; place < MAX_TASKS; place++) {
    const workflowParams = { image: "alpine:3.20", command: ["true"] };
    const task = taskFieldsSchema.parse({ key: keyOf(place), name: keyOf(place), workflowParams });
    taskIds.push((await createTask(db, { projectId, task, actor: person })).taskId);
  }
  return { projectId, taskIds };
}

/**
 * Starts each graph at its time, however many are still under way, until the soak is to end. A submission whose answer does not
 * come is repeated under its key until it does, so every graph is accepted once. Resolves when all are.
 */
export async function submitLoad(
  world: World,
  tasks: Tasks,
  graphs: readonly SoakGraph[],
): Promise<void> {
  const start = Date.now();
  const submissions: Promise<void>[] = [];
  for (const [i, graph] of graphs.entries()) {
    await world.ending.sleep(start + graph.atMs - Date.now());
    if (world.ending.signal.aborted) break;
    const submission = () => submit(world, tasks, graph, `graph-${i}`);
    submissions.push(world.journal.mustSucceed("a submission", submission));
  }
  await Promise.all(submissions);
}

async function submit(
  world: World,
  { projectId, taskIds }: Tasks,
  graph: SoakGraph,
  idempotencyKey: string,
): Promise<void> {
  const { db, journal, ledger, mark } = world;
  const context = { ledgerPath: ledger.path, mark };
  const idOf = (place: number) => taskIds[place] ?? "";
  const scheduledAt = new Date(Date.now() + graph.startsInMs);
  const request = {
    projectId,
    idempotencyKey,
    actor: person,
    tasks: graph.tasks.map((task, place) => ({
      taskId: idOf(place),
      dependsOn: task.dependsOn.map(idOf),
      overrides: {
        ...task.overrides,
        workflowParams: toWorkflowParams(task, context, keyOf),
      },
    })),
    ...(graph.startsInMs > 0 && { scheduledAt }),
  };
  const run = await untilAnswered(
    () => scheduleTaskGraph(db, request),
    () => journal.count("submissions repeated"),
  );
  const executionIds = run.executions.map(({ executionId }) => executionId);
  journal.accepted.push({ runId: run.runId, executionIds });
  await poison(world, run.runId, graph);
}

/** Spoils what is stored of the tasks that are to be spoiled, before they are due. */
async function poison({ sql }: World, runId: string, graph: SoakGraph): Promise<void> {
  const keys = graph.tasks.flatMap(({ kind }, place) => (kind === "poisoned" ? keyOf(place) : []));
  if (keys.length === 0) return;
  await untilAnswered(
    () => sql`
      update executions set workflow_params = '{"image": 7}'
      where run_id = ${runId} and task_key in ${sql(keys)} and attempt = 0`,
  );
}
