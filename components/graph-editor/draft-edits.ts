import { NODE_HEIGHT, NODE_WIDTH } from "@/components/canvas/canvas-size";
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

const STEP = 16;

/** The wished place, or the next one down and to the right where no other task lies exactly over it. */
export function freePlace(nodes: readonly DraftNode[], wished: Point): Point {
  let { x, y } = wished;
  while (
    nodes.some(
      (node) => Math.abs(node.x - x) < NODE_WIDTH / 4 && Math.abs(node.y - y) < NODE_HEIGHT / 4,
    )
  ) {
    x += STEP * 4;
    y += STEP * 2;
  }
  return { x, y };
}
