import type { Node } from "reactflow";
import type { DependencyEdge } from "@/components/canvas/dependency-edge";
import { layeredLayout } from "@/components/canvas/layered-layout";
import { NODE_GEOMETRY } from "@/components/canvas/node-ports";
import type { RunStructure } from "@/lib/domain/views";

export type RunFlowNode = Node<
  {
    executionId: string;
    name: string;
    maxRetries: number;
    pool: string | null;
    causeNames: ReadonlyMap<string, string>;
  },
  "execution"
>;

/**
 * Nodes and edges from what of a run never changes, so no status can move a node. A run without a drawing, or with a part
 * of it missing, is laid out by its dependencies.
 */
export function toRunFlow(structure: RunStructure): {
  nodes: RunFlowNode[];
  edges: DependencyEdge[];
} {
  const edges = structure.dependencies.map(({ executionId, dependsOnId }) => ({
    id: `${dependsOnId}-${executionId}`,
    source: dependsOnId,
    target: executionId,
    type: "dependency" as const,
    selectable: false,
    focusable: false,
  }));
  const names = new Map(structure.executions.map((each) => [each.executionId, each.taskName]));
  const places = placesOf(structure, edges);
  const nodes = structure.executions.map(({ executionId, taskName, maxRetries, pool }) => ({
    ...NODE_GEOMETRY,
    id: executionId,
    type: "execution" as const,
    position: places.get(executionId) ?? { x: 0, y: 0 },
    data: { executionId, name: taskName, maxRetries, pool, causeNames: names },
    ariaLabel: taskName,
  }));
  return { nodes, edges };
}

function placesOf(structure: RunStructure, edges: DependencyEdge[]) {
  const places = new Map<string, { x: number; y: number }>();
  for (const { executionId, x, y } of structure.executions) {
    if (x === null || y === null)
      return layeredLayout(
        structure.executions.map((each) => each.executionId),
        edges,
      );
    places.set(executionId, { x, y });
  }
  return places;
}

/** The same nodes with one of them selected; all others stay the very same objects. */
export function withSelection(nodes: readonly RunFlowNode[], selectedId: string | null) {
  return nodes.map((node) => (node.id === selectedId ? { ...node, selected: true } : node));
}
