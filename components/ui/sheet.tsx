"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import clsx from "clsx";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { buttonStyle } from "./button-style";
import { BACKDROP_STYLE, POPUP_STYLE } from "./popup-style";

const SIDE = {
  left: "inset-y-0 left-0 h-full rounded-none data-ending-style:-translate-x-4 data-starting-style:-translate-x-4",
  right:
    "inset-y-0 right-0 h-full rounded-none data-ending-style:translate-x-4 data-starting-style:translate-x-4",
  bottom:
    "inset-x-0 bottom-0 max-h-[85dvh] rounded-b-none data-ending-style:translate-y-4 data-starting-style:translate-y-4",
} as const;

const WIDTH = { sm: "w-72", md: "w-md", lg: "w-2xl" } as const;

export type SheetProps = {
  title: string;
  side?: keyof typeof SIDE;
  size?: keyof typeof WIDTH;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
  children: ReactNode;
};

/** A dialog at the edge of the window: side panels on phones, details beside a list. */
export function Sheet({
  title,
  side = "right",
  size = "md",
  open,
  onOpenChange,
  trigger,
  children,
}: SheetProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <BaseDialog.Trigger render={trigger} />}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={BACKDROP_STYLE} />
        <BaseDialog.Popup
          className={clsx(
            POPUP_STYLE,
            "fixed z-40 flex flex-col transition-[translate,opacity] duration-150",
            SIDE[side],
            side !== "bottom" && `max-w-[calc(100vw-3rem)] ${WIDTH[size]}`,
          )}
        >
          <header className="border-line flex h-12 shrink-0 items-center gap-4 border-b pr-3 pl-4">
            <BaseDialog.Title className="min-w-0 flex-1 truncate text-base font-semibold">
              {title}
            </BaseDialog.Title>
            <BaseDialog.Close
              aria-label="Close"
              className={buttonStyle({ variant: "ghost", size: "sm", square: true })}
            >
              <X aria-hidden />
            </BaseDialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
