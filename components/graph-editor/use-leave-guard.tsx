"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogFooter } from "@/components/ui/dialog";
import { isDirty } from "./draft-store";
import { useDraft, useEditor } from "./editor-context";

/** Asks before unsaved changes are left behind, by a link of the page or by closing it. Returns the dialog. */
export function useLeaveGuard(save: () => Promise<boolean>): ReactNode {
  const { draft } = useEditor();
  const dirty = useDraft(isDirty);
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  useEffect(() => {
    if (!dirty) return;
    function onBeforeUnload(event: BeforeUnloadEvent) {
      event.preventDefault();
    }
    // Before the link's own handler, which would already navigate.
    function onClick(event: MouseEvent) {
      const href = linkWithin(event);
      if (href === null || !isDirty(draft.getState())) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(href);
    }
    window.addEventListener("beforeunload", onBeforeUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onBeforeUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [dirty, draft]);

  function leave() {
    setTarget(null);
    if (target) router.push(target);
  }

  function discardAndLeave() {
    draft.edit(() => draft.getState().saved);
    leave();
  }

  async function saveAndLeave() {
    setSaving(true);
    const saved = await save();
    setSaving(false);
    if (saved) leave();
    else setTarget(null);
  }

  return (
    <Dialog
      title="Leave without saving?"
      description="The graph has changes that were not saved."
      open={target !== null}
      onOpenChange={(open) => {
        if (!open) setTarget(null);
      }}
    >
      <DialogFooter>
        <Button onClick={() => setTarget(null)}>Stay</Button>
        <Button variant="danger" onClick={discardAndLeave}>
          Leave without saving
        </Button>
        <Button variant="primary" pending={isSaving} onClick={saveAndLeave}>
          Save and leave
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** Where a plain click on a link of this site would go in this tab; null when it is anything else. */
function linkWithin(event: MouseEvent): string | null {
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (event.button !== 0 || modified || !(event.target instanceof Element)) return null;
  const link = event.target.closest("a[href]");
  if (
    !(link instanceof HTMLAnchorElement) ||
    link.target === "_blank" ||
    link.hasAttribute("download")
  )
    return null;
  const url = new URL(link.href);
  if (url.origin !== window.location.origin || url.pathname === window.location.pathname)
    return null;
  return `${url.pathname}${url.search}${url.hash}`;
}
