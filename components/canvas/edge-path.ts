import { getBezierPath, type Position } from "reactflow";

type Ends = {
  sourceX: number;
  sourceY: number;
  sourcePosition: Position;
  targetX: number;
  targetY: number;
  targetPosition: Position;
};

/** The line of a dependency and the point in its middle. */
export function edgePath(ends: Ends): { path: string; middleX: number; middleY: number } {
  const [path, middleX, middleY] = getBezierPath(ends);
  return { path, middleX, middleY };
}
