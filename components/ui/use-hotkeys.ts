"use client";

import { useEffect, useRef } from "react";
import { addHotkeys } from "./hotkey-list";
import { matchesKeys } from "./hotkey-match";

export type Hotkey = {
  /** A key, or modifiers and a key: "r", "?", "mod+s", "mod+shift+z". `mod` is ⌘ on a Mac, Ctrl elsewhere. */
  keys: string;
  /** What it does, for the keyboard help. */
  label: string;
  /** The heading in the keyboard help. */
  group?: string;
  disabled?: boolean;
  /** Also in text fields: for "mod+s" and the like, which mean nothing there. */
  whileTyping?: boolean;
  run: (event: KeyboardEvent) => void;
};

/**
 * Listens to keys while the component is mounted, and lists them in the keyboard help. Ignored while a person types,
 * while a dialog or menu is open, and when something nearer has handled the key.
 */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const latest = useRef(hotkeys);
  useEffect(() => {
    latest.current = hotkeys;
  });

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || isInPopup(event.target)) return;
      const hotkey = latest.current.find((each) => !each.disabled && matchesKeys(event, each.keys));
      if (!hotkey || (isTextField(event.target) && !hotkey.whileTyping)) return;
      event.preventDefault();
      hotkey.run(event);
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  const listed = JSON.stringify(hotkeys.map(({ keys, label, group }) => ({ keys, label, group })));
  useEffect(() => addHotkeys(JSON.parse(listed)), [listed]);
}

function isInPopup(target: EventTarget | null): boolean {
  const popups = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";
  return target instanceof HTMLElement && target.closest(popups) !== null;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const fields = "input:not([type=checkbox], [type=radio]), textarea, select";
  return target.matches(fields) || target.isContentEditable;
}
