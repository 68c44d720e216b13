"use client";

import { type RefObject, useRef } from "react";
import { useHotkeys } from "@/components/ui/use-hotkeys";

export type RowHotkey = {
  keys: string;
  label: string;
  /** Gets the `data-row-id` of the row that has the focus. */
  run: (id: string) => void;
};

const ROW = "[data-row-id]";

/**
 * Keys that act on the row with the focus, and j, which brings the focus into the table. Put the ref around a table
 * whose row links carry `data-row-id`.
 */
export function useRowHotkeys(hotkeys: readonly RowHotkey[]): RefObject<HTMLDivElement | null> {
  const container = useRef<HTMLDivElement>(null);

  function focusedId(): string | undefined {
    const focused = document.activeElement;
    if (!focused || !container.current?.contains(focused)) return undefined;
    const link = focused.closest("[data-row]")?.querySelector<HTMLElement>(ROW);
    return link?.dataset.rowId;
  }

  /** Within the table its own keys move the focus. */
  function enter(): void {
    if (focusedId() === undefined) container.current?.querySelector<HTMLElement>(ROW)?.focus();
  }

  useHotkeys([
    ...hotkeys.map(({ keys, label, run }) => ({
      keys,
      label,
      group: "Tables",
      run: () => {
        const id = focusedId();
        if (id !== undefined) run(id);
      },
    })),
    { keys: "j", label: "Into the table", group: "Tables", run: enter },
  ]);
  return container;
}
