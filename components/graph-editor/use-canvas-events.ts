"use client";

import { type MouseEvent, useRef, useState } from "react";
import {
  type Connection,
  type Edge,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  type OnConnectStart,
  useReactFlow,
} from "reactflow";
import { useToast } from "@/components/ui/toast";
import { connectionProblem } from "./connection-problem";
import { moveNodes } from "./draft-edits";
import { centredOn } from "./editor-commands";
import { useEditor } from "./editor-context";
import type { DraftDependency } from "./graph-draft";
import type { TaskFlowNode } from "./to-flow";

/** Turns what happens on the canvas into edits. */
export function useCanvasEvents() {
  const { draft, view, commands } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  const toast = useToast();
  const [connecting, setConnecting] = useState<"source" | "target" | undefined>(undefined);
  /** Where the pointer was last, for pasting. */
  const pointer = useRef<{ x: number; y: number } | null>(null);

  function onNodesChange(changes: NodeChange<TaskFlowNode>[]) {
    const places = new Map(
      changes.flatMap((change) =>
        change.type === "position" && change.position ? [[change.id, change.position]] : [],
      ),
    );
    // Arrow keys move without any start or stop; those that follow each other are one entry of the history.
    if (places.size > 0) draft.edit(moveNodes(places), { merge: "move" });
    const selectedTasks = changedSelection(view.getState().selectedTasks, changes);
    if (selectedTasks) view.setState({ selectedTasks });
  }

  function onEdgesChange(changes: EdgeChange[]) {
    const selectedEdges = changedSelection(view.getState().selectedEdges, changes);
    if (selectedEdges) view.setState({ selectedEdges });
  }

  function isValidConnection(connection: Connection | Edge): boolean {
    return connectionProblem(draft.getState().draft, toDependency(connection)) === null;
  }

  const onConnectStart: OnConnectStart = (_, { handleType }) =>
    setConnecting(handleType ?? undefined);

  function onConnectEnd(
    event: globalThis.MouseEvent | TouchEvent,
    { fromNode, fromHandle, toNode, isValid }: FinalConnectionState,
  ) {
    setConnecting(undefined);
    if (!fromNode || !fromHandle || isValid) return;
    const isSource = fromHandle.type === "source";
    if (toNode?.id === fromNode.id) return;
    if (toNode) {
      const [source, target] = isSource ? [fromNode.id, toNode.id] : [toNode.id, fromNode.id];
      const problem = connectionProblem(draft.getState().draft, {
        taskId: target,
        dependsOnTaskId: source,
      });
      if (problem) toast.info("Not connected", { description: problem });
      return;
    }
    const at = centredOn(screenToFlowPosition(pointOf(event)));
    commands.addTask({ at, ...(isSource ? { after: fromNode.id } : { before: fromNode.id }) });
  }

  function onPaneClick(event: MouseEvent) {
    if (event.detail !== 2) return;
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    commands.addTask({ at: centredOn(at) });
  }

  return {
    connecting,
    pointer,
    handlers: {
      onNodesChange,
      onEdgesChange,
      isValidConnection,
      onConnectStart,
      onConnectEnd,
      onConnect: (connection: Connection) => {
        commands.addDependency(toDependency(connection));
      },
      onNodeDragStart: draft.beginGesture,
      onNodeDragStop: draft.endGesture,
      onSelectionDragStart: draft.beginGesture,
      onSelectionDragStop: draft.endGesture,
      onPaneClick,
      onMouseMove: (event: MouseEvent) => {
        pointer.current = { x: event.clientX, y: event.clientY };
      },
      onMouseLeave: () => {
        pointer.current = null;
      },
    },
  };
}

function pointOf(event: globalThis.MouseEvent | TouchEvent): { x: number; y: number } {
  const { clientX, clientY } =
    "changedTouches" in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;
  return { x: clientX, y: clientY };
}

function toDependency({ source, target }: Connection | Edge): DraftDependency {
  return { taskId: target, dependsOnTaskId: source };
}

/** The selection after these changes; null when they leave it as it is. */
function changedSelection(
  before: ReadonlySet<string>,
  changes: readonly (NodeChange<TaskFlowNode> | EdgeChange)[],
): Set<string> | null {
  const selects = changes.filter((change) => change.type === "select");
  if (selects.length === 0) return null;
  const after = new Set(before);
  for (const { id, selected } of selects) {
    if (selected) after.add(id);
    else after.delete(id);
  }
  return after;
}
