"use client";

import { memo } from "react";
import type { EdgeProps } from "reactflow";
import {
  type DependencyEdge,
  DependencyLine,
  type EdgeLook,
} from "@/components/canvas/dependency-edge";
import { isHeld } from "@/lib/domain/status";
import type { ExecutionState } from "@/lib/domain/views";
import { useExecutionState } from "./run-states";

const FLOWING =
  "[&>path:first-child]:[stroke-dasharray:6_4] motion-safe:[&>path:first-child]:animate-[dashdraw_600ms_linear_infinite]";

/** A dependency in a run: it flows into what runs, and fades before what will not run. */
export const RunEdge = memo(function RunEdge(edge: EdgeProps<DependencyEdge>) {
  const target = useExecutionState(edge.target);
  const look = lookOf(target);
  return (
    <g className={look === "active" ? FLOWING : undefined}>
      <DependencyLine {...edge} look={look} />
    </g>
  );
});

function lookOf(target: ExecutionState | undefined): EdgeLook {
  if (!target) return "plain";
  if (isHeld(target.status)) return "active";
  return target.status === "CANCELLED" ? "faint" : "plain";
}
