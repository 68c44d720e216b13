"use client";

import { memo, useMemo } from "react";
import {
  Background,
  BackgroundVariant,
  Controls,
  type EdgeTypes,
  type NodeChange,
  type NodeTypes,
  ReactFlow,
  ReactFlowProvider,
} from "reactflow";
import { VIRTUAL_FROM } from "@/components/canvas/canvas-size";
import { EdgeMarkers } from "@/components/canvas/dependency-edge";
import { useZoomDetail } from "@/components/canvas/zoom-detail";
import type { RunStructure } from "@/lib/domain/views";
import { RunEdge } from "./run-edge";
import { RunMiniMap } from "./run-minimap";
import { RunNode } from "./run-node";
import { type RunFlowNode, toRunFlow, withSelection } from "./to-run-flow";
import { useShowSelected } from "./use-show-selected";

const NODE_TYPES = { execution: RunNode } satisfies NodeTypes;
const EDGE_TYPES = { dependency: RunEdge } satisfies EdgeTypes;
/** On a phone rather a part of the run that can be read than all of it in blocks. */
const FIT = { padding: 0.15, minZoom: 0.3, maxZoom: 1 };
/** Far away enough to see the shape, near enough to read names. */
const FIT_LARGE = { padding: 0.1, minZoom: 0.25, maxZoom: 1 };
const PRO = { hideAttribution: true };
/** Below this many the whole run is in view anyway. */
const MINIMAP_FROM = 30;

export type RunGraphProps = {
  structure: RunStructure;
  selectedId: string | null;
  onSelect: (executionId: string | null) => void;
};

/**
 * The run on the canvas it was drawn on, to look at. Wants a `RunStatesProvider` around it: statuses go to the nodes past
 * the canvas, which is rendered anew for another selection only.
 */
export const RunGraph = memo(function RunGraph(props: RunGraphProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
});

function Canvas({ structure, selectedId, onSelect }: RunGraphProps) {
  const { nodes, edges } = useMemo(() => toRunFlow(structure), [structure]);
  const shown = useMemo(() => withSelection(nodes, selectedId), [nodes, selectedId]);
  const isLarge = nodes.length >= VIRTUAL_FROM;
  useShowSelected(selectedId);

  function onNodesChange(changes: NodeChange<RunFlowNode>[]): void {
    const chosen = changes.find((change) => change.type === "select" && change.selected);
    if (chosen?.type === "select") onSelect(chosen.id);
  }

  return (
    <ReactFlow
      id="run"
      aria-label="Graph of the run"
      data-detail={useZoomDetail()}
      className="group/canvas"
      nodes={shown}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onPaneClick={() => onSelect(null)}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      multiSelectionKeyCode={null}
      selectionKeyCode={null}
      onlyRenderVisibleElements={isLarge}
      minZoom={0.05}
      maxZoom={1.5}
      fitView
      fitViewOptions={isLarge ? FIT_LARGE : FIT}
      proOptions={PRO}
    >
      <EdgeMarkers />
      <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />
      <Controls showInteractive={false} />
      {nodes.length >= MINIMAP_FROM && <RunMiniMap />}
    </ReactFlow>
  );
}
