import { type TemporalState, temporal } from "zundo";
import { createStore, type StoreApi } from "zustand";
import type { Edit } from "./draft-edits";
import { type DraftVersions, type GraphDraft, isSameDraft } from "./graph-draft";

type Tracked = { draft: GraphDraft };

export type DraftState = Tracked & {
  /** As the server has it. */
  saved: GraphDraft;
  versions: DraftVersions;
};

export type DraftStore = StoreApi<DraftState> & {
  temporal: StoreApi<TemporalState<Tracked>>;
  /** Edits with the same `merge` that follow each other quickly are undone together, such as the letters of a word. */
  edit: (edit: Edit, options?: { merge?: string }) => void;
  /** All edits until `endGesture` are undone together: a drag, however many places it passes. */
  beginGesture: () => void;
  endGesture: () => void;
  undo: () => void;
  redo: () => void;
  /** What the server has from now on; `draft` when the drawing follows it. */
  setSaved: (next: { saved: GraphDraft; versions: DraftVersions; draft?: GraphDraft }) => void;
};

const UNDO_STEPS = 200;
const MERGE_MS = 1_500;

/** The unsaved drawing with its history. `now` tells the time in milliseconds. */
export function createDraftStore(
  initial: { draft: GraphDraft; versions: DraftVersions },
  now: () => number = Date.now,
): DraftStore {
  const store = createStore<DraftState>()(
    temporal(() => ({ ...initial, saved: initial.draft }), {
      partialize: ({ draft }): Tracked => ({ draft }),
      equality: (a, b) => a.draft === b.draft,
      limit: UNDO_STEPS,
    }),
  );
  const history = store.temporal;
  let gestureStart: GraphDraft | null = null;
  let last: { merge: string; at: number } | null = null;

  function setUntracked(state: Partial<DraftState>): void {
    history.getState().pause();
    store.setState(state);
    history.getState().resume();
  }

  function edit(change: Edit, { merge }: { merge?: string } = {}): void {
    const draft = change(store.getState().draft);
    if (draft === store.getState().draft) return;
    const follows = merge !== undefined && last?.merge === merge && now() - last.at < MERGE_MS;
    last = merge === undefined ? null : { merge, at: now() };
    if (gestureStart || follows) setUntracked({ draft });
    else store.setState({ draft });
  }

  function endGesture(): void {
    const start = gestureStart;
    gestureStart = null;
    if (!start || isSameDraft(start, store.getState().draft)) return;
    const past = [...history.getState().pastStates, { draft: start }].slice(-UNDO_STEPS);
    history.setState({ pastStates: past, futureStates: [] });
  }

  function travel(direction: "undo" | "redo"): void {
    endGesture();
    last = null;
    history.getState()[direction]();
  }

  return Object.assign(store, {
    edit,
    beginGesture: () => {
      gestureStart ??= store.getState().draft;
      last = null;
    },
    endGesture,
    undo: () => travel("undo"),
    redo: () => travel("redo"),
    setSaved: ({ saved, versions, draft }: Parameters<DraftStore["setSaved"]>[0]) => {
      last = null;
      setUntracked({ saved, versions });
      if (draft) edit(() => draft);
    },
  });
}

export function isDirty({ draft, saved }: DraftState): boolean {
  return !isSameDraft(draft, saved);
}
