import { createStore, type StoreApi } from "zustand";
import type { DraftStore } from "./draft-store";
import { edgeIdOf } from "./to-flow";

/** What a person looks at; no part of the drawing, so undo leaves it alone. */
export type EditorView = {
  selectedTasks: ReadonlySet<string>;
  selectedEdges: ReadonlySet<string>;
  /** `null` until chosen: then phones show the outline, all others the canvas. */
  mode: "canvas" | "outline" | null;
  /** Whether dragging on the empty canvas moves it or selects. */
  tool: "pan" | "select";
  snap: boolean;
  /** `null` until chosen. */
  minimap: boolean | null;
  /** On phones the panel is a sheet that is opened and closed. */
  sheetOpen: boolean;
  /** Sections of the panel that are unfolded, for whichever task. */
  openSections: ReadonlySet<string>;
  /** The field that is to get the focus once it is there; `taskId` null for the graph's own. */
  focus: { taskId: string | null; path: string } | null;
};

export type ViewStore = StoreApi<EditorView>;

export function createViewStore(): ViewStore {
  return createStore<EditorView>(() => ({
    selectedTasks: new Set(),
    selectedEdges: new Set(),
    mode: null,
    tool: "pan",
    snap: true,
    minimap: null,
    sheetOpen: false,
    openSections: new Set(),
    focus: null,
  }));
}

export function selectTasks(view: ViewStore, taskIds: Iterable<string>): void {
  view.setState({ selectedTasks: new Set(taskIds), selectedEdges: new Set() });
}

/** Drops from the selection what is drawn no more: undo and the versions of others take things away as well. */
export function selectOnlyDrawn(view: ViewStore, draft: DraftStore): void {
  draft.subscribe(({ draft: { nodes, dependencies } }) => {
    const { selectedTasks, selectedEdges } = view.getState();
    if (selectedTasks.size + selectedEdges.size === 0) return;
    const tasks = nodes.map(({ taskId }) => taskId).filter((id) => selectedTasks.has(id));
    const edges = dependencies.map(edgeIdOf).filter((id) => selectedEdges.has(id));
    if (tasks.length === selectedTasks.size && edges.length === selectedEdges.size) return;
    view.setState({ selectedTasks: new Set(tasks), selectedEdges: new Set(edges) });
  });
}

/** The one task that the panel shows; null when none or several are selected. */
export function shownTask({ selectedTasks }: EditorView): string | null {
  const [only, second] = selectedTasks;
  return only !== undefined && second === undefined ? only : null;
}
