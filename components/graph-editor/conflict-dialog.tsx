"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { v7 as newUuid } from "uuid";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { useCreateGraph, useSaveGraph } from "@/lib/client/graphs";
import type { GraphDetail } from "@/lib/domain/views";
import { type Change, compareDrafts } from "./compare-drafts";
import { copyAsNew } from "./copy-as-new";
import { useDraft, useEditor } from "./editor-context";
import { toGraphDraft, versionsOf } from "./graph-draft";
import { messageOf } from "./use-save";

type Choice = "mine" | "theirs" | "copy";

/** Two people changed the same graph: shows what each did, and loses neither. */
export function ConflictDialog({
  theirs,
  saveOver,
  onClose,
}: {
  theirs: GraphDetail;
  saveOver: (theirs: GraphDetail) => Promise<boolean>;
  onClose: () => void;
}) {
  const { draft: store } = useEditor();
  const mine = useDraft((state) => state.draft);
  const base = useDraft((state) => state.saved);
  const saveCopy = useSaveCopy(theirs);
  const [pending, setPending] = useState<Choice | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  async function choose(choice: Choice, work: () => Promise<unknown>) {
    setPending(choice);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setPending(null);
    }
  }

  async function takeTheirs() {
    const saved = toGraphDraft(theirs);
    store.setSaved({ saved, versions: versionsOf(theirs), draft: saved });
    onClose();
  }

  return (
    <Dialog
      size="lg"
      title="This graph was saved by someone else meanwhile"
      description={`Version ${theirs.version} was saved after you opened it. Nothing of either is lost, whatever you choose.`}
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <DialogBody>
        <div className="grid gap-4 sm:grid-cols-2">
          <ChangeList title="Changed there" changes={compareDrafts(base, toGraphDraft(theirs))} />
          <ChangeList title="Changed here" changes={compareDrafts(base, mine)} />
        </div>
        <p className="text-muted mt-4 text-xs text-pretty">
          “Keep mine” saves your drawing as the next version; the other state stays among the
          graph's versions. “Take theirs” replaces your drawing; undo brings it back.
        </p>
        {failure && (
          <Callout tone="danger" className="mt-3">
            {failure}
          </Callout>
        )}
      </DialogBody>
      <DialogFooter>
        <Button
          pending={pending === "theirs"}
          disabled={pending !== null}
          onClick={() => choose("theirs", takeTheirs)}
        >
          Take theirs
        </Button>
        <Button
          pending={pending === "copy"}
          disabled={pending !== null}
          onClick={() => choose("copy", () => saveCopy(onClose))}
        >
          Save mine as a copy
        </Button>
        <Button
          variant="primary"
          pending={pending === "mine"}
          disabled={pending !== null}
          onClick={() => choose("mine", () => saveOver(theirs))}
        >
          Keep mine
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** Saves the drawing as a graph of its own with tasks of its own, and opens it. */
function useSaveCopy(theirs: GraphDetail) {
  const { draft: store, projectId, commands } = useEditor();
  const createGraph = useCreateGraph();
  const saveGraph = useSaveGraph();
  const router = useRouter();
  return async (onSaved: () => void) => {
    const { draft } = store.getState();
    const time = new Date().toISOString().slice(0, 19).replace("T", " ");
    const name = `${draft.name.slice(0, 170)} (copy ${time})`;
    const { graphId } = await createGraph.mutateAsync({ projectId, name });
    const takenKeys = commands.takenKeys();
    await saveGraph.mutateAsync(
      copyAsNew({ ...draft, name }, { graphId, takenKeys, newId: newUuid }),
    );
    // What is left here is the version of the others, so nothing keeps the page from being left.
    const saved = toGraphDraft(theirs);
    store.setSaved({ saved, versions: versionsOf(theirs), draft: saved });
    onSaved();
    router.push(`/graphs/${graphId}`);
  };
}

const SHOWN = 50;

function ChangeList({ title, changes }: { title: string; changes: readonly Change[] }) {
  return (
    <section aria-label={title} className="border-line min-w-0 rounded-md border">
      <h3 className="border-line bg-subtle border-b px-3 py-1.5 text-sm font-medium">{title}</h3>
      {changes.length === 0 && <p className="text-muted px-3 py-2">Nothing.</p>}
      <ul className="divide-line max-h-72 divide-y overflow-y-auto">
        {changes.slice(0, SHOWN).map(({ taskId, name, what }) => (
          <li key={taskId ?? "graph"} className="px-3 py-1.5">
            <p className="font-medium break-words">{name}</p>
            <p className="text-muted text-xs break-words">{what.join(", ")}</p>
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && (
        <p className="text-muted border-line border-t px-3 py-1.5 text-xs">
          … and {changes.length - SHOWN} more
        </p>
      )}
    </section>
  );
}
