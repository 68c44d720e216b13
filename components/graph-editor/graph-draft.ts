import type { GraphNode } from "@/lib/domain/graph";
import type { GraphDetail } from "@/lib/domain/views";
import { type TaskDraft, toTaskDraft } from "./task-draft";

export type DraftNode = { taskId: string; x: number; y: number; task: TaskDraft };
export type DraftDependency = { taskId: string; dependsOnTaskId: string };

/** What undo and redo go through: everything that is drawn. Values are never changed in place. */
export type GraphDraft = {
  name: string;
  description: string;
  nodes: readonly DraftNode[];
  dependencies: readonly DraftDependency[];
};

/** What a save must name: the versions the drawing was made from. */
export type DraftVersions = { version: number; tasks: Readonly<Record<string, number>> };

export function toGraphDraft(graph: GraphDetail): GraphDraft {
  return {
    name: graph.name,
    description: graph.description,
    nodes: graph.nodes.map(({ taskId, x, y, task }) => ({ taskId, x, y, task: toTaskDraft(task) })),
    dependencies: graph.dependencies,
  };
}

export function versionsOf(graph: GraphDetail): DraftVersions {
  const tasks = graph.nodes.map(({ taskId, taskVersion }) => [taskId, taskVersion]);
  return { version: graph.version, tasks: Object.fromEntries(tasks) };
}

/** The draft for the rules in lib/domain/graph, with ids in the place of keys: two tasks may share a key while one types. */
export function toGraphNodes(draft: Pick<GraphDraft, "nodes" | "dependencies">): GraphNode[] {
  const dependsOn = new Map<string, string[]>(draft.nodes.map(({ taskId }) => [taskId, []]));
  for (const { taskId, dependsOnTaskId } of draft.dependencies)
    dependsOn.get(taskId)?.push(dependsOnTaskId);
  return [...dependsOn].map(([key, list]) => ({ key, dependsOn: list }));
}

/** How a task is called in sentences; one whose name was emptied goes by its key. */
export function nameOf(draft: Pick<GraphDraft, "nodes">, taskId: string): string {
  const task = draft.nodes.find((node) => node.taskId === taskId)?.task;
  return task?.name.trim() || task?.key || "Unnamed task";
}

/** Whether two drafts hold the same, even when one was edited and edited back. */
export function isSameDraft(a: GraphDraft, b: GraphDraft): boolean {
  if (a === b) return true;
  return (
    a.name === b.name &&
    a.description === b.description &&
    isSameList(a.nodes, b.nodes) &&
    isSameList(a.dependencies, b.dependencies)
  );
}

/** Whether they differ at most in places: what a drag, at sixty drafts per second, leaves as it is. */
export function hasSameContent(a: GraphDraft, b: GraphDraft): boolean {
  return (
    a.name === b.name &&
    a.description === b.description &&
    a.dependencies === b.dependencies &&
    a.nodes.length === b.nodes.length &&
    a.nodes.every((node, i) => node.taskId === b.nodes[i]?.taskId && node.task === b.nodes[i].task)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  if (a === b) return true;
  // Most elements are the very same objects; text is compared only where they are not.
  return (
    a.length === b.length &&
    a.every((item, i) => item === b[i] || JSON.stringify(item) === JSON.stringify(b[i]))
  );
}
