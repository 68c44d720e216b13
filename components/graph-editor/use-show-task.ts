"use client";

import { useReactFlow } from "reactflow";
import { NODE_HEIGHT, NODE_WIDTH } from "@/components/canvas/canvas-size";
import { useEditor } from "./editor-context";
import { selectTasks } from "./editor-view";

/** Selects a task and brings it into the middle of the canvas; null selects nothing, which shows the graph. */
export function useShowTask(): (taskId: string | null) => void {
  const { draft, view } = useEditor();
  const { setCenter, getZoom } = useReactFlow();
  return (taskId) => {
    selectTasks(view, taskId === null ? [] : [taskId]);
    const node = draft.getState().draft.nodes.find((each) => each.taskId === taskId);
    if (!node) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    void setCenter(node.x + NODE_WIDTH / 2, node.y + NODE_HEIGHT / 2, {
      zoom: Math.max(getZoom(), 0.7),
      duration: still ? 0 : 200,
    });
  };
}
