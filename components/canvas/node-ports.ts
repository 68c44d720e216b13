import { type NodeHandle, Position } from "reactflow";
import { NODE_HEIGHT, NODE_WIDTH } from "./canvas-size";

/**
 * Size and edge ends of every node, said beforehand: React Flow then draws edges without having measured the nodes, which
 * matters for those outside of the window.
 */
export const NODE_GEOMETRY = {
  width: NODE_WIDTH,
  height: NODE_HEIGHT,
  measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
  handles: [
    { type: "target", position: Position.Left, x: 0, y: 0, width: 1, height: NODE_HEIGHT },
    {
      type: "source",
      position: Position.Right,
      x: NODE_WIDTH - 1,
      y: 0,
      width: 1,
      height: NODE_HEIGHT,
    },
  ] satisfies NodeHandle[],
};
