"use client";

import { Tooltip as BaseTooltip } from "@base-ui/react/tooltip";
import { type ReactElement, type ReactNode, useId } from "react";
import { Kbd } from "./kbd";

export type TooltipProps = {
  content: ReactNode;
  shortcut?: string | undefined;
  side?: "top" | "right" | "bottom" | "left" | undefined;
  /** What it says is the element's own label already, so it is not read out twice. */
  repeatsLabel?: boolean;
  disabled?: boolean;
  /** The element it explains; it must be reachable by keyboard. */
  children: ReactElement;
};

export function Tooltip({
  content,
  shortcut,
  side = "top",
  repeatsLabel = false,
  disabled = false,
  children,
}: TooltipProps) {
  const id = useId();
  return (
    <BaseTooltip.Root disabled={disabled}>
      <BaseTooltip.Trigger render={children} aria-describedby={repeatsLabel ? undefined : id} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
          <BaseTooltip.Popup
            id={id}
            role="tooltip"
            className="bg-raised text-fg shadow-raised flex max-w-80 items-center gap-2 rounded-md px-2 py-1 text-xs text-pretty break-words transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            {content}
            {shortcut && <Kbd keys={shortcut} />}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}

/** Once at the root: after a first tooltip the next ones open at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <BaseTooltip.Provider delay={400}>{children}</BaseTooltip.Provider>;
}
