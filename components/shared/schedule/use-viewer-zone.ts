"use client";

import { useSyncExternalStore } from "react";

/** The time zone of the person's machine; null while the server renders, which does not know it. */
export function useViewerZone(): string | null {
  return useSyncExternalStore(
    () => () => undefined,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );
}
