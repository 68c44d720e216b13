"use client";

import { useView } from "./editor-context";
import { useNarrow } from "./use-narrow";

/** Canvas or outline: what was chosen, else what suits the window. */
export function useMode(): "canvas" | "outline" {
  const chosen = useView((state) => state.mode);
  const isNarrow = useNarrow();
  return chosen ?? (isNarrow ? "outline" : "canvas");
}
