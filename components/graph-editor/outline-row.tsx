"use client";

import clsx from "clsx";
import { ChevronDown, CircleAlert, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/icon-button";
import { DependencyEditor } from "./dependency-section";
import { useEditor, useProblems, useView } from "./editor-context";
import { selectTasks } from "./editor-view";
import type { DraftNode } from "./graph-draft";

/** One task of the outline: pressed it opens its form, unfolded it shows its dependencies for editing. */
export function OutlineRow({
  node: { taskId, task },
  waitsFor,
}: {
  node: DraftNode;
  waitsFor: readonly string[];
}) {
  const { view } = useEditor();
  const isSelected = useView((state) => state.selectedTasks.has(taskId));
  const [isOpen, setOpen] = useState(false);
  const name = task.name.trim() || "Unnamed task";

  function open() {
    selectTasks(view, [taskId]);
    view.setState({ sheetOpen: true });
  }

  return (
    <div className={clsx("px-2 py-1", isSelected && "bg-selected")}>
      <div className="flex items-center gap-1">
        <button
          type="button"
          aria-pressed={isSelected}
          onClick={open}
          className="hover:bg-hover min-w-0 flex-1 rounded-md px-2 py-1 text-left"
        >
          <span className="flex min-w-0 items-center gap-2">
            <span className="truncate font-medium">{name}</span>
            <span className="text-faint min-w-0 truncate font-mono text-xs">{task.key}</span>
            <ProblemMark taskId={taskId} />
          </span>
          <span className="text-muted block truncate text-xs">
            {waitsFor.length === 0 ? "Waits for nothing" : `Waits for ${waitsFor.join(", ")}`}
          </span>
        </button>
        <IconButton
          label={`Dependencies of ${name}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronDown
            aria-hidden
            className={clsx("transition-[rotate]", isOpen && "rotate-180")}
          />
        </IconButton>
      </div>
      {isOpen && (
        <div className="grid gap-4 px-2 py-2 sm:grid-cols-2">
          <DependencyEditor taskId={taskId} direction="before" />
          <DependencyEditor taskId={taskId} direction="after" />
        </div>
      )}
    </div>
  );
}

function ProblemMark({ taskId }: { taskId: string }) {
  const own = useProblems().filter((problem) => problem.taskId === taskId);
  const errors = own.filter(({ severity }) => severity === "error").length;
  if (errors > 0)
    return (
      <Badge tone="danger" icon={<CircleAlert aria-label="Errors" />}>
        {errors}
      </Badge>
    );
  if (own.length === 0) return null;
  return (
    <Badge tone="warning" icon={<TriangleAlert aria-label="Warnings" />}>
      {own.length}
    </Badge>
  );
}
