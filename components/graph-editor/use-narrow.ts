"use client";

import { useSyncExternalStore } from "react";

const QUERY = "(max-width: 767px)";

/** Whether the window is as narrow as a phone's; false while the server renders. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(QUERY).matches,
    () => false,
  );
}

function subscribe(onChange: () => void): () => void {
  const media = window.matchMedia(QUERY);
  media.addEventListener("change", onChange);
  return () => media.removeEventListener("change", onChange);
}
