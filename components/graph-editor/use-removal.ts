"use client";

import { useToast } from "@/components/ui/toast";
import { useEditor } from "./editor-context";

/** Deletes what is selected and offers to undo it: nothing is lost by one accidental click or key. */
export function useRemoval(): () => void {
  const { commands, draft } = useEditor();
  const toast = useToast();
  return () => {
    const { tasks, dependencies } = commands.removeSelected();
    if (tasks + dependencies === 0) return;
    const after = draft.getState().draft;
    toast.info(`Removed ${inWords(tasks, dependencies)}`, {
      description: tasks > 0 ? "Tasks that were saved stay in the project." : undefined,
      action: {
        label: "Undo",
        onClick: () => {
          // Only this removal: later edits are undone one by one.
          if (draft.getState().draft === after) draft.undo();
          else toast.info("Something else was changed since; use undo step by step.");
        },
      },
    });
  };
}

function inWords(tasks: number, dependencies: number): string {
  const parts = [
    tasks > 0 ? `${tasks} ${tasks === 1 ? "task" : "tasks"}` : "",
    dependencies > 0 ? `${dependencies} ${dependencies === 1 ? "dependency" : "dependencies"}` : "",
  ];
  return parts.filter((part) => part !== "").join(" and ");
}
