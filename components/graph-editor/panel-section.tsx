"use client";

import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { useEditor, useView } from "./editor-context";

/** A part of the form that folds; folded it says what is set in it, and always how much is wrong. */
export function PanelSection({
  id,
  title,
  summary,
  errors = 0,
  children,
}: {
  id: string;
  title: string;
  summary: string;
  errors?: number;
  children: ReactNode;
}) {
  const { view } = useEditor();
  const isOpen = useView((state) => state.openSections.has(id));
  function onToggle(open: boolean) {
    if (open === isOpen) return;
    const openSections = new Set(view.getState().openSections);
    if (open) openSections.add(id);
    else openSections.delete(id);
    view.setState({ openSections });
  }
  return (
    <details
      open={isOpen}
      onToggle={(event) => onToggle(event.currentTarget.open)}
      data-section={id}
      className="group/section border-line border-t"
    >
      <summary className="hover:bg-hover flex min-h-10 list-none items-center gap-2 px-4 py-1.5 -outline-offset-2">
        <ChevronRight
          aria-hidden
          className="text-faint size-4 shrink-0 transition-[rotate] group-open/section:rotate-90"
        />
        <span className="shrink-0 font-medium">{title}</span>
        {errors > 0 && <Badge tone="danger">{errors}</Badge>}
        <span className="text-muted min-w-0 flex-1 truncate text-right text-xs group-open/section:invisible">
          {summary}
        </span>
      </summary>
      {isOpen && <div className="flex flex-col gap-3 px-4 pt-1 pb-4">{children}</div>}
    </details>
  );
}
