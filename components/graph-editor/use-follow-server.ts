"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useToast } from "@/components/ui/toast";
import { graphQuery } from "@/lib/client/graphs";
import type { GraphDetail } from "@/lib/domain/views";
import { isDirty } from "./draft-store";
import { useDraft, useEditor } from "./editor-context";
import { type DraftVersions, toGraphDraft, versionsOf } from "./graph-draft";

/**
 * Follows what others save: without changes of one's own the drawing becomes theirs at once, so that nobody edits what is
 * outdated. Returns true while a newer version waits because there are changes of one's own.
 */
export function useFollowServer(graph: GraphDetail): boolean {
  const { draft: store } = useEditor();
  const toast = useToast();
  const dirty = useDraft(isDirty);
  const versions = useDraft((state) => state.versions);
  const { data: latest } = useQuery({
    ...graphQuery(graph.graphId),
    initialData: graph,
    // The page may come out of the browser's history, older than what was saved since.
    initialDataUpdatedAt: 0,
  });
  const isNewer = isLater(versionsOf(latest), versions);

  useEffect(() => {
    if (!isNewer || isDirty(store.getState())) return;
    const saved = toGraphDraft(latest);
    const isOther = latest.version > store.getState().versions.version;
    store.setSaved({ saved, versions: versionsOf(latest), draft: saved });
    if (isOther) toast.info(`Now at version ${latest.version}, which was saved elsewhere`);
  }, [isNewer, latest, store, toast]);

  return isNewer && dirty;
}

function isLater(latest: DraftVersions, own: DraftVersions): boolean {
  if (latest.version !== own.version) return latest.version > own.version;
  return Object.entries(latest.tasks).some(([id, version]) => version > (own.tasks[id] ?? version));
}
