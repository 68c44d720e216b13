import type { SaveGraphInput } from "@/lib/domain/inputs";
import type { TaskFieldsInput } from "@/lib/domain/task-fields";
import type { DraftVersions, GraphDraft } from "./graph-draft";
import { toTaskInput } from "./task-input";

/** The draft as the save action takes it. Call it only with a draft that has no errors. */
export function toSaveInput(
  graphId: string,
  draft: GraphDraft,
  versions: DraftVersions,
): SaveGraphInput {
  return {
    graphId,
    version: versions.version,
    name: draft.name,
    description: draft.description,
    nodes: draft.nodes.map(({ taskId, x, y, task }) => ({
      taskId,
      taskVersion: versions.tasks[taskId] ?? 0,
      x,
      y,
      // What the form holds is unknown to the compiler; the schema has found nothing wrong with it.
      task: toTaskInput(task) as TaskFieldsInput,
    })),
    dependencies: draft.dependencies.map(({ taskId, dependsOnTaskId }) => ({
      taskId,
      dependsOnTaskId,
    })),
  };
}
