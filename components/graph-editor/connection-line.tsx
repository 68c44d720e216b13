"use client";

import clsx from "clsx";
import { type ConnectionLineComponentProps, useConnection, useReactFlow } from "reactflow";
import { edgePath } from "@/components/canvas/edge-path";
import { connectionProblem } from "./connection-problem";
import { useEditor } from "./editor-context";

/** The line while it is being drawn: it turns red over a task that it cannot end at. */
export function ConnectionLine({
  fromX,
  fromY,
  fromPosition,
  toX,
  toY,
  toPosition,
  fromNode,
  toNode,
  connectionStatus,
}: ConnectionLineComponentProps) {
  const { path } = edgePath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  // React Flow calls it invalid only near the middle of the side, while here the whole task takes a connection.
  const refused = connectionStatus !== "valid" && toNode !== null && toNode.id !== fromNode.id;
  return (
    <path
      d={path}
      fill="none"
      className={clsx(
        "stroke-2",
        refused ? "stroke-danger-fg" : "stroke-accent-fg",
        connectionStatus !== "valid" && "[stroke-dasharray:6_4]",
      )}
    />
  );
}

/** Why the connection that is being drawn cannot end here, beside the pointer. */
export function ConnectionHint() {
  const { draft } = useEditor();
  const { flowToScreenPosition } = useReactFlow();
  const ends = useConnection(({ inProgress, isValid, fromNode, toNode, fromHandle, to }) =>
    inProgress && !isValid && toNode && toNode.id !== fromNode.id
      ? { from: fromNode.id, to: toNode.id, isSource: fromHandle?.type === "source", at: to }
      : null,
  );
  if (!ends) return null;
  const [source, target] = ends.isSource ? [ends.from, ends.to] : [ends.to, ends.from];
  const problem = connectionProblem(draft.getState().draft, {
    taskId: target,
    dependsOnTaskId: source,
  });
  if (!problem) return null;
  const { x, y } = flowToScreenPosition(ends.at);
  return (
    <div
      role="alert"
      style={{ left: x + 16, top: y + 20 }}
      className="bg-danger-tint text-danger-fg shadow-raised pointer-events-none fixed z-10 w-max max-w-80 rounded-md px-2.5 py-1.5 text-sm font-medium text-pretty break-words"
    >
      {problem}
    </div>
  );
}
