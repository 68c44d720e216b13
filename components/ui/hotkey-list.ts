"use client";

import { useSyncExternalStore } from "react";

export type ListedHotkey = { keys: string; label: string; group?: string };

const NONE: readonly ListedHotkey[] = [];
const sets = new Set<readonly ListedHotkey[]>();
const listeners = new Set<() => void>();
let all: readonly ListedHotkey[] = NONE;

/** Puts keys into the list of those that work now; call what it returns to take them out. */
export function addHotkeys(hotkeys: readonly ListedHotkey[]): () => void {
  sets.add(hotkeys);
  publish();
  return () => {
    sets.delete(hotkeys);
    publish();
  };
}

/** The keys that work on what is on the screen now. */
export function useListedHotkeys(): readonly ListedHotkey[] {
  return useSyncExternalStore(
    subscribe,
    () => all,
    () => NONE,
  );
}

function publish(): void {
  all = [...sets].flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
