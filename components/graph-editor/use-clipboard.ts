"use client";

import { type RefObject, useEffect, useRef } from "react";
import { useReactFlow } from "reactflow";
import { useToast } from "@/components/ui/toast";
import { readClipboard, writeClipboard } from "./clipboard";
import { centredOn } from "./editor-commands";
import { useEditor } from "./editor-context";
import { useRemoval } from "./use-removal";

/**
 * Copy, cut and paste by the browser's own events: they need no permission, work with the menu of the browser too, and
 * reach other graphs, tabs and text editors.
 */
export function useClipboard(pointer: RefObject<{ x: number; y: number } | null>): void {
  const { commands } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  const removeSelected = useRemoval();
  const toast = useToast();

  function onCopy(event: ClipboardEvent): void {
    const copied = commands.selection();
    if (copied.nodes.length === 0 || isTextSelected(event)) return;
    event.clipboardData?.setData("text/plain", writeClipboard(copied));
    event.preventDefault();
    if (event.type === "cut") removeSelected();
    else {
      const count = copied.nodes.length;
      toast.info(`Copied ${count} ${count === 1 ? "task" : "tasks"}`);
    }
  }

  function onPaste(event: ClipboardEvent): void {
    if (isTyping(event.target)) return;
    const copied = readClipboard(event.clipboardData?.getData("text/plain") ?? "");
    if (!copied) return;
    event.preventDefault();
    commands.paste(copied, centredOn(screenToFlowPosition(pointer.current ?? canvasMiddle())));
  }

  const latest = useRef({ onCopy, onPaste });
  useEffect(() => {
    latest.current = { onCopy, onPaste };
  });
  useEffect(() => {
    const copy = (event: ClipboardEvent) => latest.current.onCopy(event);
    const paste = (event: ClipboardEvent) => latest.current.onPaste(event);
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", paste);
    };
  }, []);
}

/** Then the person means the text. */
function isTextSelected(event: ClipboardEvent): boolean {
  return isTyping(event.target) || window.getSelection()?.isCollapsed === false;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, [contenteditable], [role=dialog], [role=alertdialog]") !== null
  );
}

function canvasMiddle(): { x: number; y: number } {
  const { left, top, width, height } =
    document.querySelector("[data-canvas]")?.getBoundingClientRect() ?? new DOMRect();
  return { x: left + width / 2, y: top + height / 2 };
}
