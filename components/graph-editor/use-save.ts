"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useToast } from "@/components/ui/toast";
import { ActionFailure } from "@/lib/client/call-action";
import { RequestError } from "@/lib/client/fetch-json";
import { graphQuery, useSaveGraph } from "@/lib/client/graphs";
import { taskQuery } from "@/lib/client/tasks";
import type { GraphDetail } from "@/lib/domain/views";
import { isDirty } from "./draft-store";
import { useEditor, useProblems } from "./editor-context";
import { type DraftVersions, versionsOf } from "./graph-draft";
import { toSaveInput } from "./save-input";

/** Saving with its three ends: saved, refused in words, or in conflict with a newer version. */
export function useSave() {
  const { draft: store, graphId } = useEditor();
  const problems = useProblems();
  const { mutateAsync, isPending } = useSaveGraph();
  const client = useQueryClient();
  const toast = useToast();
  /** The newer version that the draft is in conflict with. */
  const [conflict, setConflict] = useState<GraphDetail | null>(null);

  /** Whether the server now has what is drawn. */
  async function save(): Promise<boolean> {
    const { versions } = store.getState();
    if (!isDirty(store.getState())) return true;
    const errors = problems.filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
      const [first] = errors;
      toast.error(`Not saved: ${errors.length} ${errors.length === 1 ? "problem" : "problems"}`, {
        description: `${first?.message} All of them are listed beside the save button.`,
      });
      return false;
    }
    return storeDraft(versions);
  }

  async function storeDraft(versions: DraftVersions): Promise<boolean> {
    const { draft } = store.getState();
    try {
      const { version, taskVersions } = await mutateAsync(toSaveInput(graphId, draft, versions));
      store.setSaved({ saved: draft, versions: { version, tasks: taskVersions } });
      setConflict(null);
      return true;
    } catch (failure) {
      await explain(failure);
      return false;
    }
  }

  async function explain(failure: unknown): Promise<void> {
    const isConflict = failure instanceof ActionFailure && failure.code === "version_conflict";
    if (isConflict) {
      const theirs = await fetchTheirs();
      if (theirs) {
        setConflict(theirs);
        return;
      }
    }
    toast.error("Not saved", { description: messageOf(failure) });
  }

  async function fetchTheirs(): Promise<GraphDetail | null> {
    try {
      return await client.fetchQuery({ ...graphQuery(graphId), staleTime: 0 });
    } catch {
      // The refusal itself is then shown in words.
      return null;
    }
  }

  /** Saves the drawing over the newer version; that one's state stays among the graph's versions. */
  async function saveOver(theirs: GraphDetail): Promise<boolean> {
    const { draft, versions } = store.getState();
    const known = versionsOf(theirs);
    const missing = draft.nodes.filter(
      ({ taskId }) => known.tasks[taskId] === undefined && versions.tasks[taskId] !== undefined,
    );
    try {
      const found = await Promise.all(missing.map(({ taskId }) => storedVersion(taskId)));
      const tasks = { ...known.tasks };
      missing.forEach(({ taskId }, i) => {
        tasks[taskId] = found[i] ?? 0;
      });
      return await storeDraft({ version: known.version, tasks });
    } catch (failure) {
      toast.error("Not saved", { description: messageOf(failure) });
      return false;
    }
  }

  /** The version of a task that the newer graph does not hold; 0 when it was deleted, which makes it anew. */
  async function storedVersion(taskId: string): Promise<number> {
    try {
      return (await client.fetchQuery({ ...taskQuery(taskId), staleTime: 0 })).version;
    } catch (failure) {
      if (failure instanceof RequestError && failure.code === "not_found") return 0;
      throw failure;
    }
  }

  return { save, saveOver, isSaving: isPending, conflict, closeConflict: () => setConflict(null) };
}

export function messageOf(failure: unknown): string {
  return failure instanceof ActionFailure || failure instanceof RequestError
    ? failure.message
    : "Something went wrong. Try again.";
}
