"use client";

import { useSyncExternalStore } from "react";

const MAC = { mod: "⌘", alt: "⌥", shift: "⇧" } as const;
const OTHER = { mod: "Ctrl", alt: "Alt", shift: "Shift" } as const;
const NAMED: Record<string, string> = {
  enter: "↵",
  escape: "Esc",
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  delete: "Del",
  backspace: "⌫",
  space: "Space",
};

/** A key or a combination, as `useHotkeys` writes them: "mod+shift+z". */
export function Kbd({ keys }: { keys: string }) {
  const mac = useSyncExternalStore(neverChanges, isMac, () => false);
  const modifiers: Record<string, string> = mac ? MAC : OTHER;
  return (
    <span className="inline-flex shrink-0 gap-0.5">
      {keys.split("+").map((key) => (
        <kbd
          key={key}
          className="border-line bg-subtle text-muted inline-grid h-5 min-w-5 place-items-center rounded-sm border px-1 font-sans text-xs"
        >
          {modifiers[key] ?? NAMED[key] ?? key.toUpperCase()}
        </kbd>
      ))}
    </span>
  );
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

function neverChanges(): () => void {
  return () => undefined;
}
