"use client";

import { type RefObject, useEffect, useRef } from "react";

/**
 * Moves the focus to a row that appears only with the next render: `focusRow(2)` focuses the first control marked
 * `data-row-focus` in the third row.
 */
export function useRowFocus<E extends HTMLElement>(): [RefObject<E | null>, (row: number) => void] {
  const container = useRef<E>(null);
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const controls = container.current?.querySelectorAll<HTMLElement>("[data-row-focus]");
    const control = controls?.[wanted.current];
    if (!control) return;
    wanted.current = null;
    control.focus();
  });
  return [
    container,
    (row) => {
      wanted.current = row;
    },
  ];
}
