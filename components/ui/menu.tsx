"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { POPUP_STYLE } from "./popup-style";

const MENU_STYLE = `${POPUP_STYLE} max-h-(--available-height) min-w-44 max-w-80 overflow-y-auto p-1`;

export type MenuProps = {
  /** The button that opens it. */
  trigger: ReactElement;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  /** `MenuItem`s and their kin, from menu-item.tsx. */
  children: ReactNode;
};

export function Menu({ trigger, side = "bottom", align = "start", children }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <BaseMenu.Popup className={MENU_STYLE}>{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

/** A menu at a point of the window, for what draws itself, such as a canvas. */
export function MenuAt({
  point,
  onClose,
  children,
}: {
  /** `null` while closed. */
  point: { x: number; y: number } | null;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <BaseMenu.Root
      open={point !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <BaseMenu.Portal>
        <BaseMenu.Positioner
          anchor={point && { getBoundingClientRect: () => new DOMRect(point.x, point.y, 0, 0) }}
          align="start"
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <BaseMenu.Popup className={MENU_STYLE}>{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
