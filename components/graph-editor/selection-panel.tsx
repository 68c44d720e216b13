"use client";

import { CopyPlus, Play, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useEditor, useView } from "./editor-context";
import { useSession } from "./editor-session";
import { useRemoval } from "./use-removal";

/** With several tasks selected: what can be done with all of them. */
export function SelectionPanel() {
  const { commands } = useEditor();
  const { run, isStarting } = useSession();
  const count = useView((state) => state.selectedTasks.size);
  const removeSelected = useRemoval();
  return (
    <section aria-label="Selection" className="px-4 pb-4">
      <h2 className="flex h-11 items-center font-semibold">{count} tasks selected</h2>
      <div className="flex flex-wrap gap-2">
        <Button
          icon={<Play aria-hidden />}
          pending={isStarting}
          onClick={() => void run("selected")}
        >
          Run selected
        </Button>
        <Button icon={<CopyPlus aria-hidden />} onClick={commands.duplicate}>
          Duplicate
        </Button>
        <Button icon={<Trash2 aria-hidden />} onClick={removeSelected}>
          Remove
        </Button>
      </div>
      <p className="text-muted mt-3 text-xs text-pretty">
        Drag or use the arrow keys to move them together; copy and paste them into another graph.
      </p>
    </section>
  );
}
