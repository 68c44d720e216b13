import { EngineError, type ErrorDetail } from "@/lib/domain/errors";
import { type GraphNode, requireValidGraph } from "@/lib/domain/graph";

type Drawing = {
  nodes: readonly { taskId: string; task: { key: string; name: string } }[];
  dependencies: readonly { taskId: string; dependsOnTaskId: string }[];
};

/**
 * Refuses a drawing that no save may store: a task drawn twice, a dependency of or on a task that is not drawn, a cycle and
 * whatever else keeps a graph from running. An empty drawing may be saved, though not run. Messages use keys, not ids.
 */
export function checkDrawing({ nodes, dependencies }: Drawing): void {
  const keys = new Map(nodes.map(({ taskId, task }) => [taskId, task.key]));
  if (keys.size < nodes.length) throw drawnTwice(nodes);
  const strays = dependencies.flatMap(({ taskId }, i) =>
    keys.has(taskId) ? [] : [stray(taskId, i)],
  );
  const first = strays[0];
  if (first) throw new EngineError("unknown_dependency", first.message, strays);
  if (nodes.length > 0) requireValidGraph(toGraphNodes({ nodes, dependencies }, keys));
}

function toGraphNodes({ nodes, dependencies }: Drawing, keys: Map<string, string>): GraphNode[] {
  const dependsOn = new Map<string, string[]>(nodes.map(({ taskId }) => [taskId, []]));
  for (const { taskId, dependsOnTaskId } of dependencies)
    dependsOn.get(taskId)?.push(keys.get(dependsOnTaskId) ?? dependsOnTaskId);
  return nodes.map(({ taskId, task }) => ({
    key: task.key,
    dependsOn: dependsOn.get(taskId) ?? [],
  }));
}

function drawnTwice(nodes: Drawing["nodes"]): EngineError {
  const seen = new Set<string>();
  const details = nodes.flatMap(({ taskId, task }, i): ErrorDetail[] => {
    const isRepeated = seen.has(taskId);
    seen.add(taskId);
    const message = `The task "${task.name}" is in the graph twice.`;
    return isRepeated ? [{ path: `nodes[${i}].taskId`, code: "duplicate_key", message }] : [];
  });
  return new EngineError("duplicate_key", details[0]?.message ?? "", details);
}

function stray(taskId: string, i: number): ErrorDetail {
  return {
    path: `dependencies[${i}].taskId`,
    code: "unknown_dependency",
    message: `A dependency starts at the task ${taskId}, which is not in the graph.`,
  };
}
