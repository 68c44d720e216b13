"use client";

import { type RefObject, useEffect } from "react";
import { useEditor, useView } from "./editor-context";

const CONTROLS = "input:not([type=hidden]), textarea, button, [role=combobox], [tabindex]";

/** Moves the focus to the field that was asked for, once the panel shows it; unfolds the section it is in. */
export function useFieldFocus(panel: RefObject<HTMLElement | null>): void {
  const { view } = useEditor();
  const focus = useView((state) => state.focus);
  const openSections = useView((state) => state.openSections);
  useEffect(() => {
    if (!focus || !panel.current) return;
    const section = sectionOf(focus.path);
    if (section && !openSections.has(section)) {
      view.setState({ openSections: new Set([...openSections, section]) });
      return;
    }
    const field = nearestField(panel.current, focus.path);
    const control = field?.querySelector<HTMLElement>(CONTROLS);
    control?.focus();
    control?.scrollIntoView({ block: "nearest" });
    if (control instanceof HTMLInputElement) control.select();
    view.setState({ focus: null });
  }, [focus, openSections, panel, view]);
}

/** The section whose content has to be there first; null for the fields that always are. */
function sectionOf(path: string): string | null {
  if (/^workflowParams\.(env|inputs|secrets|workdir)/.test(path)) return "environment";
  if (/^(retry|maxRetr|timeout)/.test(path)) return "retries";
  if (path.startsWith("pool")) return "pool";
  return path.startsWith("metadata") ? "metadata" : null;
}

/** The field of exactly this path, or of the list or record that holds it: "a.b[2].c", "a.b[2]", "a.b", "a". */
function nearestField(panel: HTMLElement, path: string): HTMLElement | null {
  for (let at = path; at !== ""; at = at.replace(/(\.[^.[\]]+|\[\d+\]|^[^.[\]]+)$/, "")) {
    const field = panel.querySelector<HTMLElement>(`[data-field="${CSS.escape(at)}"]`);
    if (field) return field;
  }
  return null;
}
