import type { KeyboardEvent } from "react";

const STEPS: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const FOCUSABLE = "a[href], button:not(:disabled), [role=checkbox], input:not([type=hidden])";

/** Moves the focus to the same control of the next or the previous row. */
export function handleRowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof HTMLElement) || isTextInput(event.target)) return;
  const row = event.target.closest("[data-row]");
  if (!row) return;

  const rows = [...event.currentTarget.querySelectorAll("[data-row]")];
  const next = rows[rows.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  const column = controlsOf(row).indexOf(event.target);
  const controls = controlsOf(next);
  (controls[column] ?? controls[0])?.focus();
}

function controlsOf(row: Element): HTMLElement[] {
  // Visually hidden inputs stand behind checkboxes; they are out of the tab order and so of this one.
  return [...row.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.tabIndex >= 0);
}

function isTextInput(element: HTMLElement): boolean {
  return element.matches("input, textarea, select, [contenteditable=true]");
}
