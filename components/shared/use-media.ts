"use client";

import { useSyncExternalStore } from "react";

/** Whether the window matches; false while the server renders. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** Too narrow for a panel beside the content. */
export const NARROW = "(width < 48rem)";
