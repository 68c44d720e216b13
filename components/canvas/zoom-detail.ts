import { type ReactFlowState, useStore } from "reactflow";

/** How much of a node can be read at a zoom: everything, its name in large letters, or its colour alone. */
export type ZoomDetail = "full" | "name" | "block";

/**
 * The detail for the present zoom. Give it to `<ReactFlow data-detail={…} className="group/canvas">`: the nodes follow by
 * CSS, so zooming renders none of them anew.
 */
export function useZoomDetail(): ZoomDetail {
  return useStore(selectDetail);
}

function selectDetail(state: ReactFlowState): ZoomDetail {
  return detailAt(state.transform[2]);
}

function detailAt(zoom: number): ZoomDetail {
  if (zoom < 0.4) return "block";
  return zoom < 0.72 ? "name" : "full";
}
