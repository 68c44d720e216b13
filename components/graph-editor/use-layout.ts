"use client";

import { useReactFlow } from "reactflow";
import type { Point } from "@/components/canvas/layered-layout";
import { autoLayout, moveNodes } from "./draft-edits";
import type { DraftStore } from "./draft-store";
import { useEditor } from "./editor-context";
import type { DraftNode } from "./graph-draft";

const DURATION_MS = 220;
/** Beyond this the frames of an animation would come too late to help the eye. */
const MAX_ANIMATED = 200;

/** Arranges all tasks by layers, gliding to their places, as one step to undo. */
export function useLayout(): () => void {
  const { draft } = useEditor();
  const { fitView } = useReactFlow();
  return () => {
    const { nodes } = draft.getState().draft;
    const arranged = autoLayout(draft.getState().draft);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const done = () => void fitView({ padding: 0.1, maxZoom: 1, duration: still ? 0 : 200 });
    if (still || nodes.length > MAX_ANIMATED) {
      draft.edit(moveNodes(placesOf(arranged.nodes)));
      requestAnimationFrame(done);
      return;
    }
    glide(draft, { from: placesOf(nodes), to: placesOf(arranged.nodes), done });
  };
}

function placesOf(nodes: readonly DraftNode[]): Map<string, Point> {
  return new Map(nodes.map(({ taskId, x, y }) => [taskId, { x, y }]));
}

function glide(
  draft: DraftStore,
  { from, to, done }: { from: Map<string, Point>; to: Map<string, Point>; done: () => void },
): void {
  const started = performance.now();
  draft.beginGesture();
  function frame(now: number): void {
    const passed = Math.min(1, Math.max(0, now - started) / DURATION_MS);
    const eased = 1 - (1 - passed) ** 3;
    const places = [...to].map(([id, end]): [string, Point] => {
      const start = from.get(id) ?? end;
      return [id, passed === 1 ? end : between(start, end, eased)];
    });
    draft.edit(moveNodes(new Map(places)));
    if (passed < 1) {
      requestAnimationFrame(frame);
      return;
    }
    draft.endGesture();
    done();
  }
  requestAnimationFrame(frame);
}

function between(start: Point, end: Point, part: number): Point {
  return { x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part };
}
