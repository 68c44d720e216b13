"use client";

import { type KeyboardEvent, type PointerEvent, useState } from "react";

const STORAGE_KEY = "dagline.editor.panel-width";
const MIN = 300;
const MAX = 720;
const STEP = 16;

/** The width of the panel, kept for the next time. */
export function usePanelWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(storedWidth);
  function change(next: number) {
    const bounded = Math.min(MAX, Math.max(MIN, next));
    setWidth(bounded);
    localStorage.setItem(STORAGE_KEY, String(bounded));
  }
  return [width, change];
}

/** The line between canvas and panel: dragged, or moved with the arrow keys. */
export function PanelResizer({
  width,
  onResize,
}: {
  width: number;
  onResize: (width: number) => void;
}) {
  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onResize(width - event.movementX);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowLeft") onResize(width + STEP);
    else if (event.key === "ArrowRight") onResize(width - STEP);
    else return;
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved is a focusable separator, not an <hr>.
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the properties"
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      className="bg-line hover:bg-accent-fg focus-visible:bg-accent-fg relative w-px shrink-0 cursor-col-resize touch-none transition-colors before:absolute before:-inset-x-1.5 before:inset-y-0 before:z-10"
    />
  );
}

function storedWidth(): number {
  if (typeof window === "undefined") return 380;
  const stored = Number(localStorage.getItem(STORAGE_KEY));
  return stored >= MIN && stored <= MAX ? stored : 380;
}
