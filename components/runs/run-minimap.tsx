"use client";

import { MiniMap, type MiniMapNodeProps } from "reactflow";
import { useExecutionState } from "./run-states";

/** The whole run in small, coloured by status: where among a thousand the red ones are. */
export function RunMiniMap() {
  return (
    <MiniMap
      pannable
      zoomable
      ariaLabel="Overview map"
      nodeComponent={MiniMapNode}
      className="hidden md:block"
    />
  );
}

function MiniMapNode({ id, x, y, width, height }: MiniMapNodeProps) {
  const state = useExecutionState(id);
  return (
    <rect
      data-status={state?.status}
      x={x}
      y={y}
      width={width}
      height={height}
      rx={8}
      className={state ? "fill-status" : "fill-control"}
    />
  );
}
