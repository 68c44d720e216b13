"use client";

import { useRef } from "react";
import { Sheet } from "@/components/ui/sheet";
import { useContent, useDraft, useEditor, useView } from "./editor-context";
import { shownTask } from "./editor-view";
import { nameOf } from "./graph-draft";
import { GraphForm } from "./graph-form";
import { PanelResizer, usePanelWidth } from "./panel-resizer";
import { SelectionPanel } from "./selection-panel";
import { TaskForm } from "./task-form";
import { useFieldFocus } from "./use-field-focus";

/** The form of what is selected: one task, several, or the graph itself. Beside the canvas, or a sheet on phones. */
export function EditorPanel({ isNarrow }: { isNarrow: boolean }) {
  return isNarrow ? <PanelSheet /> : <SidePanel />;
}

function SidePanel() {
  const [width, setWidth] = usePanelWidth();
  return (
    <>
      <PanelResizer width={width} onResize={setWidth} />
      <aside
        data-panel
        aria-label="Properties"
        style={{ width }}
        className="bg-canvas flex min-h-0 shrink-0 flex-col overflow-y-auto"
      >
        <PanelContent />
      </aside>
    </>
  );
}

function PanelSheet() {
  const { view } = useEditor();
  const open = useView((state) => state.sheetOpen);
  const taskId = useView(shownTask);
  const title = useDraft((state) => (taskId ? nameOf(state.draft, taskId) : "Properties"));
  return (
    <Sheet
      title={title}
      side="bottom"
      open={open}
      onOpenChange={(next) => view.setState({ sheetOpen: next })}
    >
      <PanelContent />
    </Sheet>
  );
}

function PanelContent() {
  const content = useRef<HTMLDivElement>(null);
  const taskId = useView(shownTask);
  const count = useView((state) => state.selectedTasks.size);
  const node = useContent().nodes.find((each) => each.taskId === taskId);
  useFieldFocus(content);
  return (
    <div ref={content} data-panel>
      {node && <TaskForm key={node.taskId} node={node} />}
      {!node && (count > 1 ? <SelectionPanel /> : <GraphForm />)}
    </div>
  );
}
