import clsx from "clsx";
import type { ReactNode } from "react";
import { BaseEdge, type Edge, type EdgeProps } from "reactflow";
import { edgePath } from "./edge-path";

/** Takes its markers from `EdgeMarkers`, which every canvas renders once. */
export type EdgeLook = "plain" | "selected" | "active" | "faint";

export type DependencyEdge = Edge<{ look?: EdgeLook }, "dependency">;

export type DependencyLineProps = EdgeProps<DependencyEdge> & {
  look?: EdgeLook | undefined;
  /** In the middle of the line, in the coordinates of the canvas. */
  children?: (middle: { x: number; y: number }) => ReactNode;
};

/** The line of a dependency: from the right side of a task to the left side of the one that waits for it. */
export function DependencyLine({ look = "plain", children, ...edge }: DependencyLineProps) {
  const { path, middleX, middleY } = edgePath(edge);
  return (
    <>
      <BaseEdge
        path={path}
        markerEnd={`url(#dependency-${look})`}
        interactionWidth={20}
        className={clsx(EDGE_LOOK[look], "group-data-[detail=block]/canvas:stroke-2!")}
      />
      {children?.({ x: middleX, y: middleY })}
    </>
  );
}

const EDGE_LOOK = {
  plain: "stroke-control! stroke-[1.5]!",
  selected: "stroke-accent-fg! stroke-[2.5]!",
  active: "stroke-info-fg! stroke-2!",
  faint: "stroke-line! stroke-1!",
} as const satisfies Record<EdgeLook, string>;

const MARKER_FILL = {
  plain: "fill-control",
  selected: "fill-accent-fg",
  active: "fill-info-fg",
  faint: "fill-line",
} as const satisfies Record<EdgeLook, string>;

/** The arrow heads; once per canvas, inside `<ReactFlow>`. */
export function EdgeMarkers() {
  return (
    <svg aria-hidden className="absolute size-0">
      <defs>
        {Object.entries(MARKER_FILL).map(([look, fill]) => (
          <marker
            key={look}
            id={`dependency-${look}`}
            viewBox="0 0 10 10"
            refX={9}
            refY={5}
            markerWidth={9}
            markerHeight={9}
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M 0 0.5 L 10 5 L 0 9.5 z" className={fill} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
