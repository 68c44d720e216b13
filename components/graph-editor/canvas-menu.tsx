"use client";

import {
  ClipboardCopy,
  CopyPlus,
  Crosshair,
  Network,
  Play,
  Plus,
  Scissors,
  Trash2,
} from "lucide-react";
import { type MouseEvent, type ReactNode, useState } from "react";
import { useReactFlow } from "reactflow";
import { MenuAt } from "@/components/ui/menu";
import { MenuItem, MenuSeparator } from "@/components/ui/menu-item";
import { centredOn } from "./editor-commands";
import { useEditor, useView } from "./editor-context";
import { useSession } from "./editor-session";
import { selectTasks } from "./editor-view";
import { useRemoval } from "./use-removal";

type Opened = { x: number; y: number; taskId: string | null };

/** The menu of a right click: on a task about the selection, on the empty canvas about the place. */
export function CanvasMenu({ children }: { children: ReactNode }) {
  const { view } = useEditor();
  const [opened, setOpened] = useState<Opened | null>(null);

  function open(event: MouseEvent) {
    if (!(event.target instanceof Element) || !event.target.closest("[data-canvas]")) return;
    event.preventDefault();
    const taskId = event.target.closest<HTMLElement>(".react-flow__node")?.dataset.id ?? null;
    if (taskId && !view.getState().selectedTasks.has(taskId)) selectTasks(view, [taskId]);
    setOpened({ x: event.clientX, y: event.clientY, taskId });
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same actions have buttons and keys.
    <div className="relative min-h-0 min-w-0 flex-1" onContextMenu={open}>
      {children}
      <MenuAt point={opened} onClose={() => setOpened(null)}>
        {opened?.taskId ? <TaskItems /> : <PaneItems at={opened ?? { x: 0, y: 0 }} />}
      </MenuAt>
    </div>
  );
}

function TaskItems() {
  const { commands } = useEditor();
  const count = useView((state) => state.selectedTasks.size);
  const removeSelected = useRemoval();
  const { run } = useSession();
  return (
    <>
      <MenuItem icon={<Play aria-hidden />} onClick={() => run("selected")}>
        {count === 1 ? "Run this task alone" : `Run these ${count} tasks`}
      </MenuItem>
      <MenuItem icon={<Crosshair aria-hidden />} onClick={() => run("upTo")}>
        Run up to here
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<CopyPlus aria-hidden />} shortcut="mod+d" onClick={commands.duplicate}>
        Duplicate
      </MenuItem>
      <MenuItem
        icon={<ClipboardCopy aria-hidden />}
        shortcut="mod+c"
        onClick={() => pressClipboard("copy")}
      >
        Copy
      </MenuItem>
      <MenuItem
        icon={<Scissors aria-hidden />}
        shortcut="mod+x"
        onClick={() => pressClipboard("cut")}
      >
        Cut
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 aria-hidden />} shortcut="delete" danger onClick={removeSelected}>
        Remove from the graph
      </MenuItem>
    </>
  );
}

function PaneItems({ at }: { at: { x: number; y: number } }) {
  const { commands } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  return (
    <>
      <MenuItem
        icon={<Plus aria-hidden />}
        onClick={() => commands.addTask({ at: centredOn(screenToFlowPosition(at)) })}
      >
        Add a task here
      </MenuItem>
      <MenuItem icon={<Network aria-hidden />} shortcut="mod+a" onClick={commands.selectAll}>
        Select all
      </MenuItem>
    </>
  );
}

/** Fires the browser's own event, once the menu has given the focus back. */
function pressClipboard(command: "copy" | "cut"): void {
  setTimeout(() => document.execCommand(command), 50);
}
