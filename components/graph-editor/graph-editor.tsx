"use client";

import "reactflow/dist/style.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ReactFlowProvider, useReactFlow } from "reactflow";
import { PageBody } from "@/components/shared/page-body";
import { Banner } from "@/components/ui/callout";
import { useToast } from "@/components/ui/toast";
import { projectQuery } from "@/lib/client/projects";
import { taskQuery } from "@/lib/client/tasks";
import type { GraphDetail } from "@/lib/domain/views";
import { EditorCanvas } from "./editor-canvas";
import { centredOn } from "./editor-commands";
import { EditorProvider, useDraft, useEditor } from "./editor-context";
import { EditorHeader } from "./editor-header";
import { EditorPanel } from "./editor-panel";
import { SessionProvider, useSession } from "./editor-session";
import { EditorToolbar } from "./editor-toolbar";
import { EmptyCanvas } from "./empty-canvas";
import { KeptDraft } from "./kept-draft";
import { Outline } from "./outline";
import { TaskPicker } from "./task-picker";
import { useEditorKeys } from "./use-editor-keys";
import { useFollowServer } from "./use-follow-server";
import { useMode } from "./use-mode";
import { useNarrow } from "./use-narrow";
import { messageOf } from "./use-save";
import { useShowTask } from "./use-show-task";

/** Draws a graph: canvas or outline in the middle, the selected task's form beside it. */
export function GraphEditor({ graph }: { graph: GraphDetail }) {
  return (
    <ReactFlowProvider>
      <EditorProvider graph={graph}>
        <SessionProvider>
          <EditorHeader projectName={graph.projectName} />
          <NewerVersion graph={graph} />
          <KeptDraft />
          <Workspace />
        </SessionProvider>
      </EditorProvider>
    </ReactFlowProvider>
  );
}

function NewerVersion({ graph }: { graph: GraphDetail }) {
  const isWaiting = useFollowServer(graph);
  const { isSaving } = useSession();
  if (!isWaiting || isSaving) return null;
  return (
    <Banner tone="warning">
      Someone saved a newer version of this graph. When you save, both are shown and none is lost.
    </Banner>
  );
}

function Workspace() {
  const [picker, setPicker] = useState<"find" | "add" | null>(null);
  const isEmpty = useDraft((state) => state.draft.nodes.length === 0);
  const isNarrow = useNarrow();
  const mode = useMode();
  const addTask = useAddTask();
  useEditorKeys({ onFind: () => setPicker("find"), onAdd: addTask });

  return (
    <PageBody flush>
      <EditorToolbar
        onAdd={addTask}
        onAddStored={() => setPicker("add")}
        onFind={() => setPicker("find")}
      />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          {mode === "canvas" ? <EditorCanvas /> : <Outline />}
          {isEmpty && mode === "canvas" && (
            <EmptyCanvas onAdd={addTask} onAddStored={() => setPicker("add")} />
          )}
        </div>
        <EditorPanel isNarrow={isNarrow} />
      </div>
      {picker === "find" && <FindTask onClose={() => setPicker(null)} />}
      {picker === "add" && <AddStored onClose={() => setPicker(null)} />}
    </PageBody>
  );
}

/** Adds a task in the middle of what is seen. */
function useAddTask(): () => void {
  const { commands } = useEditor();
  const middle = useCanvasMiddle();
  return () => {
    commands.addTask({ at: middle() });
  };
}

function useCanvasMiddle(): () => { x: number; y: number } {
  const { screenToFlowPosition } = useReactFlow();
  return () => {
    const canvas = document.querySelector("[data-canvas]");
    if (!canvas) return { x: 0, y: 0 };
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return centredOn(screenToFlowPosition({ x: left + width / 2, y: top + height / 2 }));
  };
}

function FindTask({ onClose }: { onClose: () => void }) {
  const nodes = useDraft((state) => state.draft.nodes);
  const showTask = useShowTask();
  return (
    <TaskPicker
      title="Find a task"
      tasks={nodes.map(({ taskId, task }) => ({ taskId, name: task.name, key: task.key }))}
      empty="The graph has no tasks yet."
      onPick={showTask}
      onClose={onClose}
    />
  );
}

/** Puts a stored task of the project into the graph. */
function AddStored({ onClose }: { onClose: () => void }) {
  const { projectId, commands } = useEditor();
  const nodes = useDraft((state) => state.draft.nodes);
  const { data: project, error } = useQuery(projectQuery(projectId));
  const client = useQueryClient();
  const middle = useCanvasMiddle();
  const toast = useToast();
  const drawn = new Set(nodes.map(({ taskId }) => taskId));
  const others = (project?.tasks ?? []).filter(({ taskId }) => !drawn.has(taskId));

  async function add(taskId: string) {
    try {
      const detail = await client.fetchQuery({ ...taskQuery(taskId), staleTime: 0 });
      commands.addStored(detail, middle());
    } catch (failure) {
      toast.error("The task could not be added", { description: messageOf(failure) });
    }
  }

  return (
    <TaskPicker
      title="Add a task of the project"
      tasks={others.map(({ taskId, name, key, graphs }) => ({
        taskId,
        name,
        key,
        hint: inGraphs(graphs.length),
      }))}
      empty={
        error
          ? messageOf(error)
          : "Every task of the project is in this graph already, or it has none yet."
      }
      onPick={(taskId) => void add(taskId)}
      onClose={onClose}
    />
  );
}

function inGraphs(count: number): string {
  if (count === 0) return "in no graph";
  return count === 1 ? "in 1 graph" : `in ${count} graphs`;
}
