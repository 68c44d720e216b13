"use client";

import { Pencil, Trash2 } from "lucide-react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { useDeleteProject, useSaveProject } from "@/lib/client/projects";
import type { ProjectSummary } from "@/lib/domain/views";
import { attempt } from "./attempt";
import { NamedForm } from "./named-form";

/** Renames and deletes a project. */
export function ProjectMenu({
  project,
  onDeleted,
}: {
  project: ProjectSummary;
  onDeleted?: () => void;
}) {
  const { projectId, name, description } = project;
  const save = useSaveProject();
  const remove = useDeleteProject();

  function deleteProject() {
    return attempt(async () => {
      await remove.mutateAsync({ projectId });
      onDeleted?.();
    });
  }

  return (
    <span className="relative z-1 flex">
      <NamedForm
        title="Rename project"
        submitLabel="Save"
        initial={{ name, description }}
        trigger={
          <IconButton size="sm" label={`Rename ${name}`}>
            <Pencil aria-hidden />
          </IconButton>
        }
        onSave={async (fields) => {
          await save.mutateAsync({ projectId, ...fields });
        }}
      />
      <ConfirmDialog
        title={`Delete the project “${name}”?`}
        confirmLabel="Delete project"
        danger
        trigger={
          <IconButton size="sm" label={`Delete ${name}`}>
            <Trash2 aria-hidden />
          </IconButton>
        }
        onConfirm={deleteProject}
      >
        <p>{whatGoes(project)} This cannot be undone.</p>
        {project.activeRunCount > 0 && (
          <p className="text-warning-fg mt-2">
            {countOf(project.activeRunCount, "run is", "runs are")} still going on.
          </p>
        )}
      </ConfirmDialog>
    </span>
  );
}

function whatGoes({ graphCount, taskCount }: ProjectSummary): string {
  if (graphCount + taskCount === 0) return "It is empty.";
  const graphs = countOf(graphCount, "graph", "graphs");
  const tasks = countOf(taskCount, "task", "tasks");
  return `Its ${graphs} with all versions and its ${tasks} go with it, and so do its runs with their logs.`;
}

function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
