"use client";

import { useEffect, useRef } from "react";
import { useReactFlow } from "reactflow";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { useEditor } from "./editor-context";
import { useSession } from "./editor-session";
import { selectTasks, shownTask } from "./editor-view";
import { useLayout } from "./use-layout";
import { useMode } from "./use-mode";
import { useRemoval } from "./use-removal";

const NOTHING = () => undefined;

/** The editor's keys. Those that the browser or the canvas handles by itself are only listed for the help. */
export function useEditorKeys({ onFind, onAdd }: { onFind: () => void; onAdd: () => void }): void {
  const { draft, view, commands } = useEditor();
  const { save, run } = useSession();
  const { fitView } = useReactFlow();
  const layout = useLayout();
  const removeSelected = useRemoval();
  const mode = useMode();
  const onCanvas = mode === "canvas";
  useSaveKey(save);

  const edit = "Editing";
  const see = "Canvas";
  const listed = { disabled: true, run: NOTHING };
  useHotkeys([
    { keys: "mod+s", label: "Save", group: edit, ...listed },
    { keys: "mod+enter", label: "Run the graph", group: edit, run: () => void run("all") },
    { keys: "mod+z", label: "Undo", group: edit, run: draft.undo },
    { keys: "mod+shift+z", label: "Redo", group: edit, run: draft.redo },
    { keys: "n", label: "Add a task", group: edit, run: onAdd },
    { keys: "e", label: "Edit the selected task", group: edit, run: focusName },
    { keys: "delete", label: "Remove what is selected", group: edit, run: remove },
    { keys: "backspace", label: "Remove it, as Del does", group: edit, run: remove },
    { keys: "mod+c", label: "Copy", group: edit, ...listed },
    { keys: "mod+x", label: "Cut", group: edit, ...listed },
    { keys: "mod+v", label: "Paste, also from another graph", group: edit, ...listed },
    { keys: "mod+d", label: "Duplicate", group: edit, run: commands.duplicate },
    { keys: "mod+a", label: "Select all", group: edit, run: commands.selectAll },
    { keys: "/", label: "Find a task", group: see, run: onFind },
    { keys: "l", label: "Arrange by layers", group: see, disabled: !onCanvas, run: layout },
    {
      keys: "f",
      label: "Fit view",
      group: see,
      disabled: !onCanvas,
      run: () => void fitView({ padding: 0.1, maxZoom: 1 }),
    },
    { keys: "g", label: "Canvas or outline", group: see, run: toggleMode },
    { keys: "arrowup", label: "Move the selected tasks (all arrows)", group: see, ...listed },
    { keys: "escape", label: "Select nothing", group: see, run: () => selectTasks(view, []) },
  ]);

  function remove(event: KeyboardEvent) {
    // A key pressed on a button of the panel is not meant for the drawing.
    const { target } = event;
    const isPanel = target instanceof Element && target.closest("[data-panel]") !== null;
    if (!isPanel) removeSelected();
  }

  function focusName() {
    const taskId = shownTask(view.getState());
    if (taskId) view.setState({ focus: { taskId, path: "name" }, sheetOpen: true });
  }

  function toggleMode() {
    view.setState({ mode: onCanvas ? "outline" : "canvas" });
  }
}

/** Saving works while one types as well. */
function useSaveKey(save: () => Promise<boolean>): void {
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
      if (!isSave || event.shiftKey || event.altKey) return;
      event.preventDefault();
      void latest.current();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
