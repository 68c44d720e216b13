"use client";

import { useDraft, useView } from "./editor-context";

/** Below this a glance takes in everything anyway. */
const USEFUL_FROM = 20;

/** Whether the overview map is shown: as chosen, else when there is enough to get lost in. */
export function useMinimap(): boolean {
  const chosen = useView((view) => view.minimap);
  const isUseful = useDraft((state) => state.draft.nodes.length >= USEFUL_FROM);
  return chosen ?? isUseful;
}
