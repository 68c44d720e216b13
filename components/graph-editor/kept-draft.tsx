"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Banner } from "@/components/ui/callout";
import { type DraftState, isDirty } from "./draft-store";
import { useEditor } from "./editor-context";
import { type DraftVersions, type GraphDraft, isSameDraft } from "./graph-draft";
import { taskDraftSchema } from "./task-draft";

type Kept = { draft: GraphDraft; versions: DraftVersions };

/**
 * No page can refuse the browser's Back. So unsaved changes are kept in the tab when the editor is left, and offered when
 * it is opened again; they come back with the versions they were made from, so a save still notices what is newer.
 */
export function KeptDraft() {
  const { draft: store, graphId } = useEditor();
  const [kept, setKept] = useState<Kept | null>(null);

  useEffect(() => {
    const found = readKept(graphId);
    if (found && !isSameDraft(found.draft, store.getState().draft)) setKept(found);
    const keep = () => writeKept(graphId, store.getState());
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, [graphId, store]);

  function close() {
    sessionStorage.removeItem(keyOf(graphId));
    setKept(null);
  }

  function restore() {
    if (kept) store.setSaved({ saved: store.getState().saved, ...kept });
    close();
  }

  if (!kept) return null;
  return (
    <Banner
      tone="info"
      action={
        <div className="flex gap-2">
          <Button size="sm" onClick={close}>
            Discard
          </Button>
          <Button size="sm" variant="primary" onClick={restore}>
            Restore
          </Button>
        </div>
      }
    >
      You left this graph with changes that were not saved.
    </Banner>
  );
}

function keyOf(graphId: string): string {
  return `dagline.editor.draft.${graphId}`;
}

function readKept(graphId: string): Kept | null {
  const text = sessionStorage.getItem(keyOf(graphId));
  if (text === null) return null;
  const kept: Kept = JSON.parse(text);
  // It may have been kept by an older version of this page, whose tasks had fewer fields.
  const nodes = kept.draft.nodes.map((node) => ({
    ...node,
    task: taskDraftSchema.parse(node.task),
  }));
  return { ...kept, draft: { ...kept.draft, nodes } };
}

function writeKept(graphId: string, state: DraftState): void {
  if (!isDirty(state)) return;
  const { draft, versions }: Kept = state;
  try {
    sessionStorage.setItem(keyOf(graphId), JSON.stringify({ draft, versions }));
  } catch {
    // A drawing larger than what a tab may keep is lost, as it would be without this.
  }
}
