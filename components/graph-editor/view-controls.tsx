"use client";

import { Map as MapIcon, Maximize, Minus, Plus } from "lucide-react";
import { Panel, type ReactFlowState, useReactFlow, useStore } from "reactflow";
import { IconButton } from "@/components/ui/icon-button";
import { useEditor } from "./editor-context";
import { useMinimap } from "./use-minimap";

const selectPercent = (state: ReactFlowState) => Math.round(state.transform[2] * 100);

/** Zoom and overview, in the corner of the canvas. */
export function ViewControls() {
  const { view } = useEditor();
  const minimap = useMinimap();
  const percent = useStore(selectPercent);
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  return (
    <Panel
      position="bottom-right"
      className="bg-raised shadow-raised m-2! flex items-center rounded-md"
    >
      <IconButton size="sm" label="Zoom out" onClick={() => zoomOut()}>
        <Minus aria-hidden />
      </IconButton>
      <button
        type="button"
        aria-label={`Zoom ${percent} %, reset to 100 %`}
        onClick={() => zoomTo(1)}
        className="hover:bg-hover h-7 w-12 rounded-md text-center text-xs tabular-nums"
      >
        {percent} %
      </button>
      <IconButton size="sm" label="Zoom in" onClick={() => zoomIn()}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label="Fit view"
        shortcut="f"
        onClick={() => fitView({ padding: 0.1, maxZoom: 1 })}
      >
        <Maximize aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={minimap ? "Hide overview map" : "Show overview map"}
        aria-pressed={minimap}
        className="hidden md:inline-flex"
        onClick={() => view.setState({ minimap: !minimap })}
      >
        <MapIcon aria-hidden />
      </IconButton>
    </Panel>
  );
}
