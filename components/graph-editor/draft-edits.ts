import { NODE_HEIGHT, NODE_WIDTH, ROW_GAP } from "@/components/canvas/canvas-size";
import { layeredLayout, type Point } from "@/components/canvas/layered-layout";
import type { DraftDependency, DraftNode, GraphDraft } from "./graph-draft";
import type { TaskDraft } from "./task-draft";

/** Every edit is a function from a draft to the next one; one that changes nothing returns the same draft. */
export type Edit = (draft: GraphDraft) => GraphDraft;

export function addNodes(
  nodes: readonly DraftNode[],
  dependencies: readonly DraftDependency[] = [],
): Edit {
  return (draft) => ({
    ...draft,
    nodes: [...draft.nodes, ...nodes],
    dependencies: [...draft.dependencies, ...dependencies],
  });
}

/** Takes out tasks with their dependencies, and dependencies of their own. */
export function remove(
  taskIds: ReadonlySet<string>,
  dependencies: readonly DraftDependency[] = [],
): Edit {
  return (draft) => ({
    ...draft,
    nodes: draft.nodes.filter(({ taskId }) => !taskIds.has(taskId)),
    dependencies: draft.dependencies.filter(
      (each) =>
        !taskIds.has(each.taskId) &&
        !taskIds.has(each.dependsOnTaskId) &&
        !dependencies.some((gone) => isSameDependency(gone, each)),
    ),
  });
}

export function connect(dependency: DraftDependency): Edit {
  return (draft) => {
    if (draft.dependencies.some((each) => isSameDependency(each, dependency))) return draft;
    return { ...draft, dependencies: [...draft.dependencies, dependency] };
  };
}

export function disconnect(dependency: DraftDependency): Edit {
  return remove(new Set(), [dependency]);
}

export function moveNodes(places: ReadonlyMap<string, Point>): Edit {
  return (draft) => ({
    ...draft,
    nodes: draft.nodes.map((node) => {
      const place = places.get(node.taskId);
      if (!place || (place.x === node.x && place.y === node.y)) return node;
      return { ...node, x: place.x, y: place.y };
    }),
  });
}

export function changeTask(taskId: string, change: Partial<TaskDraft>): Edit {
  return (draft) => ({
    ...draft,
    nodes: draft.nodes.map((node) =>
      node.taskId === taskId ? { ...node, task: { ...node.task, ...change } } : node,
    ),
  });
}

export function changeGraph(change: Partial<Pick<GraphDraft, "name" | "description">>): Edit {
  return (draft) => ({ ...draft, ...change });
}

export function autoLayout(draft: GraphDraft): GraphDraft {
  const edges = draft.dependencies.map((each) => ({
    source: each.dependsOnTaskId,
    target: each.taskId,
  }));
  const ids = draft.nodes.map(({ taskId }) => taskId);
  return moveNodes(layeredLayout(ids, edges))(draft);
}

export function isSameDependency(a: DraftDependency, b: DraftDependency): boolean {
  return a.taskId === b.taskId && a.dependsOnTaskId === b.dependsOnTaskId;
}

/** The wished place, or the next one below it where no other task is in the way. */
export function freePlace(nodes: readonly DraftNode[], wished: Point): Point {
  let { y } = wished;
  const column = nodes.filter(({ x }) => Math.abs(x - wished.x) < NODE_WIDTH);
  while (column.some((node) => Math.abs(node.y - y) < NODE_HEIGHT)) y += NODE_HEIGHT + ROW_GAP;
  return { x: wished.x, y };
}
