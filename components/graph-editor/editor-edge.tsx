"use client";

import { X } from "lucide-react";
import { memo } from "react";
import { EdgeLabelRenderer, type EdgeProps } from "reactflow";
import { type DependencyEdge, DependencyLine } from "@/components/canvas/dependency-edge";
import { IconButton } from "@/components/ui/icon-button";
import { useRemoval } from "./use-removal";

/** A dependency that can be selected; the selected one offers its deletion. */
export const EditorEdge = memo(function EditorEdge(edge: EdgeProps<DependencyEdge>) {
  return (
    <DependencyLine {...edge} look={edge.selected ? "selected" : "plain"}>
      {edge.selected ? (middle) => <RemoveButton middle={middle} /> : undefined}
    </DependencyLine>
  );
});

function RemoveButton({ middle }: { middle: { x: number; y: number } }) {
  const removeSelected = useRemoval();
  return (
    <EdgeLabelRenderer>
      <div
        className="nodrag nopan bg-raised pointer-events-auto absolute rounded-md"
        style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)` }}
      >
        <IconButton
          label="Delete dependency"
          shortcut="delete"
          variant="secondary"
          size="sm"
          onClick={removeSelected}
        >
          <X aria-hidden />
        </IconButton>
      </div>
    </EdgeLabelRenderer>
  );
}
