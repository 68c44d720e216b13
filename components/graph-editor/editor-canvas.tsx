"use client";

import { useMemo, useState } from "react";
import {
  Background,
  BackgroundVariant,
  type EdgeTypes,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  SelectionMode,
} from "reactflow";
import { GRID, VIRTUAL_FROM } from "@/components/canvas/canvas-size";
import { EdgeMarkers } from "@/components/canvas/dependency-edge";
import { useZoomDetail } from "@/components/canvas/zoom-detail";
import { CanvasMenu } from "./canvas-menu";
import { ConnectionHint, ConnectionLine } from "./connection-line";
import { useContent, useDraft, useProblems, useView } from "./editor-context";
import { EditorEdge } from "./editor-edge";
import { EditorNode } from "./editor-node";
import { countProblems, createEdgeTranslator, createNodeTranslator } from "./to-flow";
import { useCanvasEvents } from "./use-canvas-events";
import { useClipboard } from "./use-clipboard";
import { useMinimap } from "./use-minimap";
import { ViewControls } from "./view-controls";

const NODE_TYPES = { task: EditorNode } satisfies NodeTypes;
const EDGE_TYPES = { dependency: EditorEdge } satisfies EdgeTypes;
const SNAP_GRID: [number, number] = [GRID, GRID];
const ALL_BUTTONS_BUT_LEFT = [1, 2];

/** The drawing. Nodes and edges are translated from the draft; every gesture becomes an edit of it. */
export function EditorCanvas() {
  const draft = useDraft((state) => state.draft);
  const content = useContent();
  const problems = useProblems();
  const selectedTasks = useView((view) => view.selectedTasks);
  const selectedEdges = useView((view) => view.selectedEdges);
  const tool = useView((view) => view.tool);
  const snap = useView((view) => view.snap);
  const minimap = useMinimap();
  const [toFlowNodes] = useState(createNodeTranslator);
  const [toFlowEdges] = useState(createEdgeTranslator);
  const { connecting, pointer, handlers } = useCanvasEvents();
  useClipboard(pointer);
  const marks = useMemo(() => countProblems(problems), [problems]);
  const edges = useMemo(
    () => toFlowEdges(content, selectedEdges),
    [toFlowEdges, content, selectedEdges],
  );
  // React Flow would wait for the first task of an empty graph and then jump to it.
  const [wasDrawn] = useState(draft.nodes.length > 0);
  const isLarge = draft.nodes.length >= VIRTUAL_FROM;

  return (
    <CanvasMenu>
      <ReactFlow
        id="editor"
        aria-label="Graph"
        data-canvas
        data-detail={useZoomDetail()}
        data-connecting={connecting}
        className="group/canvas"
        nodes={toFlowNodes(draft.nodes, { marks, selected: selectedTasks })}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        {...handlers}
        connectionLineComponent={ConnectionLine}
        connectionRadius={40}
        // The editor deletes by itself, as one entry of the history and with a way back.
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        selectionOnDrag={tool === "select"}
        panOnDrag={tool === "select" ? ALL_BUTTONS_BUT_LEFT : true}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={MULTI_KEYS}
        snapToGrid={snap}
        snapGrid={SNAP_GRID}
        onlyRenderVisibleElements={isLarge}
        edgesFocusable={!isLarge}
        elevateEdgesOnSelect
        minZoom={0.05}
        maxZoom={2}
        attributionPosition="bottom-left"
        fitView={wasDrawn}
        fitViewOptions={isLarge ? FIT_LARGE : FIT}
      >
        <EdgeMarkers />
        <Background
          variant={BackgroundVariant.Dots}
          gap={24}
          size={1.5}
          color="color-mix(in srgb, var(--control) 40%, transparent)"
        />
        <ConnectionHint />
        <ViewControls />
        {minimap && (
          <MiniMap
            pannable
            zoomable
            ariaLabel="Overview map"
            nodeColor="var(--control)"
            nodeStrokeWidth={0}
            style={MINIMAP_SIZE}
            className="border-line bottom-9! hidden overflow-hidden rounded-md border md:block"
          />
        )}
      </ReactFlow>
    </CanvasMenu>
  );
}

const MINIMAP_SIZE = { width: 160, height: 112 };
const MULTI_KEYS = ["Meta", "Control", "Shift"];
const FIT = { padding: 0.1, maxZoom: 1 };
/** Far away enough to see the shape, near enough to read names. */
const FIT_LARGE = { padding: 0.1, minZoom: 0.45, maxZoom: 1 };
