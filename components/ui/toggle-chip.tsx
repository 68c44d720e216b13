"use client";

import { Toggle } from "@base-ui/react/toggle";
import clsx from "clsx";
import type { ReactNode } from "react";

export type ToggleChipProps = {
  pressed: boolean;
  onPressedChange: (pressed: boolean) => void;
  icon?: ReactNode;
  /** How many there are. */
  count?: number;
  className?: string;
  children: ReactNode;
};

/** A filter that is on or off. */
export function ToggleChip({
  pressed,
  onPressedChange,
  icon,
  count,
  className,
  children,
}: ToggleChipProps) {
  return (
    <Toggle
      pressed={pressed}
      onPressedChange={(next) => onPressedChange(next)}
      className={clsx(
        "border-line text-muted hover:border-control hover:text-fg data-pressed:border-accent-fg data-pressed:bg-selected data-pressed:text-fg inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md border px-2 text-xs whitespace-nowrap transition-colors [&_svg]:size-3.5",
        className,
      )}
    >
      {icon}
      {children}
      {count !== undefined && <span className="text-fg">{count.toLocaleString("en")}</span>}
    </Toggle>
  );
}
