"use client";

import {
  ChevronDown,
  CopyPlus,
  Grid3x3,
  Hand,
  LayoutList,
  Network,
  Plus,
  Redo2,
  Search,
  SquareDashedMousePointer,
  Trash2,
  Undo2,
  Workflow,
} from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu } from "@/components/ui/menu";
import { MenuItem } from "@/components/ui/menu-item";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { useDraft, useEditor, useHistory, useView } from "./editor-context";
import { useLayout } from "./use-layout";
import { useMode } from "./use-mode";
import { useNarrow } from "./use-narrow";
import { useRemoval } from "./use-removal";

/** What can be done with the drawing, above canvas and outline alike. */
export function EditorToolbar({
  onAdd,
  onAddStored,
  onFind,
}: {
  onAdd: () => void;
  onAddStored: () => void;
  onFind: () => void;
}) {
  const { view } = useEditor();
  const mode = useMode();
  const isNarrow = useNarrow();
  return (
    <div className="border-line flex h-10 shrink-0 items-center gap-2 border-b px-2">
      <div
        role="toolbar"
        aria-label="Drawing"
        className="flex min-w-0 flex-1 [scrollbar-width:none] items-center gap-1 overflow-x-auto py-1"
      >
        <AddButtons onAdd={onAdd} onAddStored={onAddStored} />
        <Divider />
        <HistoryButtons />
        <Divider />
        <SelectionButtons />
        <Divider />
        {mode === "canvas" && <CanvasButtons />}
        <IconButton size="sm" label="Find a task" shortcut="/" onClick={onFind}>
          <Search aria-hidden />
        </IconButton>
      </div>
      <SegmentedControl
        label="View"
        iconOnly={isNarrow}
        items={[
          { value: "canvas", label: "Canvas", icon: <Workflow aria-hidden /> },
          { value: "outline", label: "Outline", icon: <LayoutList aria-hidden /> },
        ]}
        value={mode}
        onValueChange={(next) => view.setState({ mode: next })}
      />
    </div>
  );
}

function Divider() {
  return <span aria-hidden className="bg-line mx-1 h-5 w-px shrink-0" />;
}

function AddButtons({ onAdd, onAddStored }: { onAdd: () => void; onAddStored: () => void }) {
  return (
    <div className="flex shrink-0 items-center">
      <Button
        size="sm"
        icon={<Plus aria-hidden />}
        onClick={onAdd}
        className="rounded-r-none border-r-0"
      >
        Add task
      </Button>
      <Menu
        trigger={
          <IconButton
            size="sm"
            label="Other ways to add a task"
            variant="secondary"
            className="w-6 rounded-l-none"
          >
            <ChevronDown aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Plus aria-hidden />} shortcut="n" onClick={onAdd}>
          New task
        </MenuItem>
        <MenuItem icon={<LayoutList aria-hidden />} onClick={onAddStored}>
          A task of the project…
        </MenuItem>
      </Menu>
    </div>
  );
}

function HistoryButtons() {
  const { draft } = useEditor();
  const { canUndo, canRedo } = useHistory();
  return (
    <>
      <IconButton size="sm" label="Undo" shortcut="mod+z" disabled={!canUndo} onClick={draft.undo}>
        <Undo2 aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label="Redo"
        shortcut="mod+shift+z"
        disabled={!canRedo}
        onClick={draft.redo}
      >
        <Redo2 aria-hidden />
      </IconButton>
    </>
  );
}

function SelectionButtons() {
  const { commands } = useEditor();
  const tasks = useView((state) => state.selectedTasks.size);
  const edges = useView((state) => state.selectedEdges.size);
  const removeSelected = useRemoval();
  return (
    <>
      <IconButton
        size="sm"
        label="Duplicate"
        shortcut="mod+d"
        disabled={tasks === 0}
        onClick={commands.duplicate}
      >
        <CopyPlus aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label="Remove what is selected"
        shortcut="delete"
        disabled={tasks + edges === 0}
        onClick={removeSelected}
      >
        <Trash2 aria-hidden />
      </IconButton>
    </>
  );
}

function CanvasButtons() {
  const { view } = useEditor();
  const tool = useView((state) => state.tool);
  const snap = useView((state) => state.snap);
  const isEmpty = useDraft((state) => state.draft.nodes.length === 0);
  const layout = useLayout();
  return (
    <>
      <IconButton
        size="sm"
        label="Arrange by layers"
        shortcut="l"
        disabled={isEmpty}
        onClick={layout}
      >
        <Network aria-hidden />
      </IconButton>
      <Toggle
        label="Snap to grid"
        pressed={snap}
        onPress={() => view.setState({ snap: !snap })}
        icon={<Grid3x3 aria-hidden />}
      />
      <Toggle
        label={
          tool === "select"
            ? "Dragging selects; press to move the canvas instead"
            : "Dragging moves the canvas (Shift selects); press to select instead"
        }
        pressed={tool === "select"}
        onPress={() => view.setState({ tool: tool === "select" ? "pan" : "select" })}
        icon={tool === "select" ? <SquareDashedMousePointer aria-hidden /> : <Hand aria-hidden />}
      />
    </>
  );
}

function Toggle({
  label,
  pressed,
  onPress,
  icon,
}: {
  label: string;
  pressed: boolean;
  onPress: () => void;
  icon: ReactNode;
}) {
  return (
    <IconButton
      size="sm"
      label={label}
      aria-pressed={pressed}
      className={pressed ? "bg-selected text-accent-fg" : undefined}
      onClick={onPress}
    >
      {icon}
    </IconButton>
  );
}
