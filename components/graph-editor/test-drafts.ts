import type { GraphDraft } from "./graph-draft";
import { newTaskDraft, type TaskDraft } from "./task-draft";

/** A drawing for tests: "a", "b after a", "c after a b"; every task's id, key and name are its letter. */
export function draftOf(
  lines: readonly string[],
  tasks: Record<string, Partial<TaskDraft>> = {},
): GraphDraft {
  const parsed = lines.map((line) => {
    const [taskId = "", , ...after] = line.split(" ");
    return { taskId, after };
  });
  return {
    name: "Graph",
    description: "",
    nodes: parsed.map(({ taskId }, i) => ({
      taskId,
      x: i * 320,
      y: 0,
      task: { ...newTaskDraft({ name: taskId, key: taskId }), ...tasks[taskId] },
    })),
    dependencies: parsed.flatMap(({ taskId, after }) =>
      after.map((dependsOnTaskId) => ({ taskId, dependsOnTaskId })),
    ),
  };
}
