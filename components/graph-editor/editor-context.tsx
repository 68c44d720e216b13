"use client";

import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { v7 as newUuid } from "uuid";
import { useStore } from "zustand";
import { poolsQuery } from "@/lib/client/pools";
import { projectQuery } from "@/lib/client/projects";
import type { GraphDetail } from "@/lib/domain/views";
import {
  type DraftProblem,
  findDraftProblems,
  type ProjectFacts,
  type ProjectTask,
} from "./draft-problems";
import { createDraftStore, type DraftState, type DraftStore } from "./draft-store";
import { createEditorCommands, type EditorCommands } from "./editor-commands";
import { createViewStore, type EditorView, selectOnlyDrawn, type ViewStore } from "./editor-view";
import { type GraphDraft, hasSameContent, toGraphDraft, versionsOf } from "./graph-draft";

type Editor = {
  graphId: string;
  projectId: string;
  draft: DraftStore;
  view: ViewStore;
  commands: EditorCommands;
};

const EditorContext = createContext<Editor | null>(null);
const ProblemsContext = createContext<readonly DraftProblem[]>([]);

const NO_TASKS: readonly ProjectTask[] = [];

/** One drawing being edited: its stores, its commands, and what is wrong with it. */
export function EditorProvider({ graph, children }: { graph: GraphDetail; children: ReactNode }) {
  const { graphId, projectId } = graph;
  const projectTasks = useQuery(projectQuery(projectId)).data?.tasks ?? NO_TASKS;
  const [known] = useState<{ tasks: readonly ProjectTask[] }>({ tasks: NO_TASKS });
  known.tasks = projectTasks;
  const [editor] = useState<Editor>(() => {
    const draft = createDraftStore({ draft: toGraphDraft(graph), versions: versionsOf(graph) });
    const view = createViewStore();
    selectOnlyDrawn(view, draft);
    const commands = createEditorCommands({
      draft,
      view,
      projectTasks: () => known.tasks,
      newId: () => newUuid(),
    });
    return { graphId, projectId, draft, view, commands };
  });
  return (
    <EditorContext value={editor}>
      <ProblemsProvider editor={editor} tasks={projectTasks} pools={usePoolNames(projectId)}>
        {children}
      </ProblemsProvider>
    </EditorContext>
  );
}

/** The very same set until a pool comes or goes: their counts change all the time. */
function usePoolNames(projectId: string): ProjectFacts["pools"] {
  const select = (pools: { name: string }[]) => pools.map(({ name }) => name);
  const { data: names } = useQuery({ ...poolsQuery(projectId), select });
  return useMemo(() => (names ? new Set(names) : null), [names]);
}

function ProblemsProvider({
  editor,
  tasks,
  pools,
  children,
}: ProjectFacts & { editor: Editor; children: ReactNode }) {
  const [select] = useState(createContentSelector);
  const draft = useStore(editor.draft, select);
  const problems = useMemo(() => findDraftProblems(draft, { tasks, pools }), [draft, tasks, pools]);
  return <ProblemsContext value={problems}>{children}</ProblemsContext>;
}

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("useEditor needs an EditorProvider above it.");
  return editor;
}

/** Everything that is wrong with the drawing now. */
export function useProblems(): readonly DraftProblem[] {
  return useContext(ProblemsContext);
}

export function useDraft<T>(selector: (state: DraftState) => T): T {
  return useStore(useEditor().draft, selector);
}

/** The draft for all that does not ask for places: the very same object while tasks are only moved. */
export function useContent(): GraphDraft {
  const [select] = useState(createContentSelector);
  return useDraft(select);
}

function createContentSelector() {
  let last: GraphDraft | null = null;
  return ({ draft }: DraftState): GraphDraft => {
    if (last === null || !hasSameContent(last, draft)) last = draft;
    return last;
  };
}

export function useView<T>(selector: (view: EditorView) => T): T {
  return useStore(useEditor().view, selector);
}

/** Whether there is something to undo and to redo. */
export function useHistory(): { canUndo: boolean; canRedo: boolean } {
  const { temporal } = useEditor().draft;
  const canUndo = useStore(temporal, (state) => state.pastStates.length > 0);
  const canRedo = useStore(temporal, (state) => state.futureStates.length > 0);
  return { canUndo, canRedo };
}
