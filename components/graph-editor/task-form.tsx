"use client";

import { CopyPlus, Crosshair, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { DependencySection } from "./dependency-section";
import { changeTask } from "./draft-edits";
import { useEditor, useProblems } from "./editor-context";
import { EnvironmentSection } from "./environment-section";
import type { DraftNode } from "./graph-draft";
import { IdentityFields } from "./identity-fields";
import { MetadataSection } from "./metadata-section";
import { PoolSection } from "./pool-section";
import { RetrySection } from "./retry-section";
import { SharedTaskNote } from "./shared-task-note";
import type { TaskDraft } from "./task-draft";
import { useRemoval } from "./use-removal";
import { useShowTask } from "./use-show-task";
import { WorkflowFields } from "./workflow-fields";

/** Everything a task is made of. What is typed is kept as it is typed; the server's schema says what is wrong with it. */
export function TaskForm({ node: { taskId, task } }: { node: DraftNode }) {
  const { draft } = useEditor();
  const problems = useProblems().filter((problem) => problem.taskId === taskId);

  function onChange(change: Partial<TaskDraft>) {
    draft.edit(changeTask(taskId, change), {
      merge: `${taskId} ${Object.keys(change).join()}`,
    });
  }

  const part = { task, problems, onChange };
  return (
    <form aria-label={`Task ${task.name}`} onSubmit={(event) => event.preventDefault()}>
      <TaskHead taskId={taskId} />
      <div className="flex flex-col gap-3 px-4 pb-4">
        <IdentityFields taskId={taskId} {...part} />
        <SharedTaskNote taskId={taskId} />
        <WorkflowFields taskId={taskId} {...part} />
      </div>
      <DependencySection taskId={taskId} />
      <EnvironmentSection {...part} />
      <RetrySection {...part} />
      <PoolSection {...part} />
      <MetadataSection {...part} />
    </form>
  );
}

function TaskHead({ taskId }: { taskId: string }) {
  const { commands } = useEditor();
  const showTask = useShowTask();
  const removeSelected = useRemoval();
  return (
    <header className="flex h-11 items-center gap-1 px-4">
      <h2 className="min-w-0 flex-1 truncate font-semibold">Task</h2>
      <IconButton size="sm" label="Show on the canvas" onClick={() => showTask(taskId)}>
        <Crosshair aria-hidden />
      </IconButton>
      <IconButton size="sm" label="Duplicate" shortcut="mod+d" onClick={commands.duplicate}>
        <CopyPlus aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label="Remove from the graph"
        shortcut="delete"
        onClick={removeSelected}
      >
        <Trash2 aria-hidden />
      </IconButton>
    </header>
  );
}
