"use client";

import { type RefObject, useEffect } from "react";
import { useEditor, useView } from "./editor-context";

const CONTROLS = "input:not([type=hidden]), textarea, button, [role=combobox], [tabindex]";

/** Moves the focus to the field that was asked for, once the panel shows it; unfolds the section it is in. */
export function useFieldFocus(panel: RefObject<HTMLElement | null>): void {
  const { view } = useEditor();
  const focus = useView((state) => state.focus);
  useEffect(() => {
    if (!focus || !panel.current) return;
    const field = nearestField(panel.current, focus.path);
    const section = field?.closest("details");
    if (section) section.open = true;
    const control = field?.querySelector<HTMLElement>(CONTROLS);
    control?.focus();
    control?.scrollIntoView({ block: "nearest" });
    if (control instanceof HTMLInputElement) control.select();
    view.setState({ focus: null });
  }, [focus, panel, view]);
}

/** The field of exactly this path, or of the list or record that holds it: "a.b[2].c", "a.b[2]", "a.b", "a". */
function nearestField(panel: HTMLElement, path: string): HTMLElement | null {
  for (let at = path; at !== ""; at = at.replace(/(\.[^.[\]]+|\[\d+\]|^[^.[\]]+)$/, "")) {
    const field = panel.querySelector<HTMLElement>(`[data-field="${CSS.escape(at)}"]`);
    if (field) return field;
  }
  return null;
}
