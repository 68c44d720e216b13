"use client";

import { useEffect } from "react";
import { useReactFlow, useStoreApi } from "reactflow";
import { NODE_HEIGHT, NODE_WIDTH } from "@/components/canvas/canvas-size";

/** Brings the selected node into view when it is outside: it may have been chosen in a list, or by a link. */
export function useShowSelected(selectedId: string | null): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    const node = selectedId === null ? undefined : flow.getNode(selectedId);
    if (!node) return;
    const { width, height, transform } = store.getState();
    const [panX, panY, zoom] = transform;
    const left = node.position.x * zoom + panX;
    const top = node.position.y * zoom + panY;
    const inside =
      left >= 0 &&
      top >= 0 &&
      left + NODE_WIDTH * zoom <= width &&
      top + NODE_HEIGHT * zoom <= height;
    if (inside || width === 0) return;
    void flow.setCenter(node.position.x + NODE_WIDTH / 2, node.position.y + NODE_HEIGHT / 2, {
      zoom: Math.max(zoom, 0.6),
      duration: 200,
    });
  }, [selectedId, flow, store]);
}
