"use client";

import { Plus, Workflow } from "lucide-react";
import { EmptyState } from "@/components/shared/empty-state";
import { Button } from "@/components/ui/button";

/** Says how to begin; the canvas below stays usable. */
export function EmptyCanvas({
  onAdd,
  onAddStored,
}: {
  onAdd: () => void;
  onAddStored: () => void;
}) {
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center [&_button]:pointer-events-auto">
      <EmptyState
        icon={<Workflow />}
        title="An empty graph"
        action={
          <>
            <Button variant="primary" icon={<Plus aria-hidden />} onClick={onAdd}>
              Add the first task
            </Button>
            <Button onClick={onAddStored}>Add a task of the project</Button>
          </>
        }
      >
        Add a task, or double-click anywhere. Then drag from the right side of a task to the left
        side of the one that shall wait for it, or into the open to make a new one.
      </EmptyState>
    </div>
  );
}
