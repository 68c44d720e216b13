"use client";

import { useSyncExternalStore } from "react";

/** What a person chose for this browser, with the default first. Each is also a data attribute of the root. */
const preferences = {
  theme: ["system", "light", "dark"],
  nav: ["open", "folded"],
} as const;

export type PreferenceName = keyof typeof preferences;
export type PreferenceOf<N extends PreferenceName> = (typeof preferences)[N][number];
export type Theme = PreferenceOf<"theme">;

const listeners = new Set<() => void>();

/** The choice and a function that changes it. The root's data attribute holds it, the browser's storage keeps it. */
export function usePreference<N extends PreferenceName>(
  name: N,
): [PreferenceOf<N>, (value: PreferenceOf<N>) => void] {
  const fallback: PreferenceOf<N> = preferences[name][0];
  const value = useSyncExternalStore(
    subscribe,
    () => readPreference(name),
    () => fallback,
  );
  return [value, (next) => writePreference(name, next)];
}

function readPreference<N extends PreferenceName>(name: N): PreferenceOf<N> {
  const values: readonly PreferenceOf<N>[] = preferences[name];
  const stored = document.documentElement.dataset[name];
  return values.find((value) => value === stored) ?? preferences[name][0];
}

function writePreference<N extends PreferenceName>(name: N, value: PreferenceOf<N>): void {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage can be forbidden; the choice then lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Also follows a choice made in another tab. */
function subscribe(listener: () => void): () => void {
  function onStorage({ key, newValue }: StorageEvent) {
    if (key === null || !(key in preferences)) return;
    document.documentElement.dataset[key] = newValue ?? "";
    listener();
  }
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}
