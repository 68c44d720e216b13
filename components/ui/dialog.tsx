"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import clsx from "clsx";
import { X } from "lucide-react";
import type { ReactElement, ReactNode, RefObject } from "react";
import { buttonStyle } from "./button-style";
import { BACKDROP_STYLE, POPUP_STYLE } from "./popup-style";

const WIDTH = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-3xl" } as const;

export type DialogProps = {
  title: ReactNode;
  description?: ReactNode;
  /** Leave out to let the trigger open and close it. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
  size?: keyof typeof WIDTH;
  initialFocus?: RefObject<HTMLElement | null>;
  /** `DialogBody` and `DialogFooter`, or a form around both. */
  children: ReactNode;
};

export function Dialog({
  title,
  description,
  open,
  onOpenChange,
  trigger,
  size = "sm",
  initialFocus,
  children,
}: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <BaseDialog.Trigger render={trigger} />}
      <BaseDialog.Portal>
        {/* Also over a sheet that it was opened from. */}
        <BaseDialog.Backdrop forceRender className={BACKDROP_STYLE} />
        <BaseDialog.Viewport className="fixed inset-0 z-40 flex items-end justify-center p-2 sm:items-start sm:pt-[12vh]">
          <BaseDialog.Popup
            initialFocus={initialFocus}
            className={clsx(
              POPUP_STYLE,
              "flex max-h-[min(44rem,calc(100dvh-1rem))] w-full flex-col sm:max-h-[76vh] [&>form]:flex [&>form]:min-h-0 [&>form]:flex-col",
              WIDTH[size],
            )}
          >
            <header className="flex items-start gap-4 py-3 pr-3 pl-4">
              <div className="min-w-0 flex-1 pt-1">
                <BaseDialog.Title className="text-base font-semibold break-words">
                  {title}
                </BaseDialog.Title>
                {description && (
                  <BaseDialog.Description className="text-muted mt-1 text-pretty break-words">
                    {description}
                  </BaseDialog.Description>
                )}
              </div>
              <BaseDialog.Close
                aria-label="Close"
                className={buttonStyle({ variant: "ghost", size: "sm", square: true })}
              >
                <X aria-hidden />
              </BaseDialog.Close>
            </header>
            {children}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** The part that scrolls when there is much of it. */
export function DialogBody({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className={clsx("min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-4", className)}>
      {children}
    </div>
  );
}

/** The actions: the one that goes ahead comes last. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <footer className="border-line flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">
      {children}
    </footer>
  );
}

/** Turns a button into one that closes the dialog: `<DialogClose render={<Button>Go back</Button>} />`. */
export function DialogClose({ render }: { render: ReactElement }) {
  return <BaseDialog.Close render={render} />;
}
