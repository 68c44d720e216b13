import type { Node } from "reactflow";
import type { DependencyEdge } from "@/components/canvas/dependency-edge";
import { NODE_GEOMETRY } from "@/components/canvas/node-ports";
import type { DraftProblem } from "./draft-problems";
import type { DraftDependency, DraftNode, GraphDraft } from "./graph-draft";
import type { TaskDraft } from "./task-draft";

export type TaskNodeData = { task: TaskDraft; errors: number; warnings: number };
export type TaskFlowNode = Node<TaskNodeData, "task">;

type Marks = { errors: number; warnings: number };

const NO_MARKS: Marks = { errors: 0, warnings: 0 };

/** How many errors and warnings each task has. */
export function countProblems(problems: readonly DraftProblem[]): Map<string, Marks> {
  const marks = new Map<string, Marks>();
  for (const { taskId, severity } of problems) {
    if (taskId === null) continue;
    const before = marks.get(taskId) ?? NO_MARKS;
    marks.set(taskId, {
      errors: before.errors + (severity === "error" ? 1 : 0),
      warnings: before.warnings + (severity === "warning" ? 1 : 0),
    });
  }
  return marks;
}

/**
 * Translates tasks into nodes. A node whose task, place, problems and selection are the same as the last time is the very
 * same object again, so that React Flow leaves it alone; make one translator per canvas.
 */
export function createNodeTranslator() {
  let last = new Map<string, { node: DraftNode; flow: TaskFlowNode }>();

  return function toFlowNodes(
    nodes: readonly DraftNode[],
    { marks, selected }: { marks: ReadonlyMap<string, Marks>; selected: ReadonlySet<string> },
  ): TaskFlowNode[] {
    const next: typeof last = new Map();
    const flows = nodes.map((node) => {
      const own = marks.get(node.taskId) ?? NO_MARKS;
      const isSelected = selected.has(node.taskId);
      const before = last.get(node.taskId);
      const flow =
        before && before.node === node && isUnchanged(before.flow, own, isSelected)
          ? before.flow
          : toFlowNode(node, { marks: own, selected: isSelected, before: before?.flow });
      next.set(node.taskId, { node, flow });
      return flow;
    });
    last = next;
    return flows;
  };
}

function isUnchanged(flow: TaskFlowNode, marks: Marks, selected: boolean): boolean {
  return flow.selected === selected && hasMarks(flow.data, marks);
}

function hasMarks(data: TaskNodeData, { errors, warnings }: Marks): boolean {
  return data.errors === errors && data.warnings === warnings;
}

function toFlowNode(
  { taskId, x, y, task }: DraftNode,
  {
    marks,
    selected,
    before,
  }: { marks: Marks; selected: boolean; before: TaskFlowNode | undefined },
): TaskFlowNode {
  // The same data object while only the place changes: the node's content is not rendered anew by a drag.
  const data =
    before && before.data.task === task && hasMarks(before.data, marks)
      ? before.data
      : { task, ...marks };
  return {
    ...NODE_GEOMETRY,
    id: taskId,
    type: "task",
    position: { x, y },
    data,
    selected,
    ariaLabel: labelOf(task, marks),
  };
}

function labelOf(task: TaskDraft, { errors, warnings }: Marks): string {
  const name = task.name.trim() || task.key || "Unnamed task";
  if (errors > 0) return `${name}, ${errors} ${errors === 1 ? "error" : "errors"}`;
  return warnings > 0 ? `${name}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}` : name;
}

/** Ids are UUIDs, which hold no ">". */
export function edgeIdOf({ taskId, dependsOnTaskId }: DraftDependency): string {
  return `${dependsOnTaskId}>${taskId}`;
}

export function dependencyOf(edgeId: string): DraftDependency {
  const [dependsOnTaskId = "", taskId = ""] = edgeId.split(">");
  return { taskId, dependsOnTaskId };
}

/** Translates dependencies into edges, the unchanged ones as the same objects, like the nodes. */
export function createEdgeTranslator() {
  let last = new Map<string, DependencyEdge>();

  return function toFlowEdges(
    { dependencies, nodes }: GraphDraft,
    selected: ReadonlySet<string>,
  ): DependencyEdge[] {
    const names = new Map(nodes.map(({ taskId, task }) => [taskId, task.name]));
    const edges = dependencies.map((dependency) => {
      const id = edgeIdOf(dependency);
      const { taskId, dependsOnTaskId } = dependency;
      const ariaLabel = `${names.get(taskId)} waits for ${names.get(dependsOnTaskId)}`;
      const before = last.get(id);
      const isSelected = selected.has(id);
      if (before?.selected === isSelected && before.ariaLabel === ariaLabel) return before;
      return {
        id,
        type: "dependency" as const,
        source: dependsOnTaskId,
        target: taskId,
        selected: isSelected,
        ariaLabel,
      };
    });
    last = new Map(edges.map((edge) => [edge.id, edge]));
    return edges;
  };
}
