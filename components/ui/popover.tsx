"use client";

import { Popover as BasePopover } from "@base-ui/react/popover";
import clsx from "clsx";
import type { ReactElement, ReactNode } from "react";
import { POPUP_STYLE } from "./popup-style";

export type PopoverProps = {
  trigger: ReactElement;
  title?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  className?: string;
  children: ReactNode;
};

/** A small panel beside the button that opens it; the page stays usable. */
export function Popover({
  trigger,
  title,
  open,
  onOpenChange,
  side = "bottom",
  align = "start",
  className,
  children,
}: PopoverProps) {
  return (
    <BasePopover.Root open={open} onOpenChange={onOpenChange}>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50"
        >
          <BasePopover.Popup
            className={clsx(
              POPUP_STYLE,
              "max-h-(--available-height) w-80 max-w-(--available-width) overflow-y-auto p-3",
              className,
            )}
          >
            {title && (
              <BasePopover.Title className="mb-2 text-sm font-medium">{title}</BasePopover.Title>
            )}
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
