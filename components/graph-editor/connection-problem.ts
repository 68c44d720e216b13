import { cycleClosedBy, describeCycle } from "@/lib/domain/graph";
import { MAX_PARENTS_PER_TASK } from "@/lib/domain/limits";
import { isSameDependency } from "./draft-edits";
import { type DraftDependency, type GraphDraft, nameOf, toGraphNodes } from "./graph-draft";

/** Why a task cannot wait for the other, in a sentence that names the cycle; null when it can. */
export function connectionProblem(draft: GraphDraft, dependency: DraftDependency): string | null {
  const { taskId, dependsOnTaskId } = dependency;
  if (taskId === dependsOnTaskId) return "A task cannot wait for itself.";
  if (draft.dependencies.some((each) => isSameDependency(each, dependency)))
    return `“${nameOf(draft, taskId)}” already waits for “${nameOf(draft, dependsOnTaskId)}”.`;
  const cycle = cycleClosedBy(toGraphNodes(draft), { source: dependsOnTaskId, target: taskId });
  if (cycle) {
    const names = cycle.map((key) => nameOf(draft, key));
    return `This would close a cycle: ${describeCycle(names)}.`;
  }
  const parents = draft.dependencies.filter((each) => each.taskId === taskId).length;
  if (parents >= MAX_PARENTS_PER_TASK)
    return `A task can wait for at most ${MAX_PARENTS_PER_TASK} others.`;
  return null;
}
