"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import clsx from "clsx";
import { type ReactElement, type ReactNode, useState, useTransition } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { BACKDROP_STYLE, POPUP_STYLE } from "./popup-style";

export type ConfirmDialogProps = {
  title: ReactNode;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
  /** The verb and what it acts on: "Delete graph". */
  confirmLabel: string;
  cancelLabel?: string;
  danger?: boolean;
  /** Does it, and returns in words what failed, or `null`. The dialog closes on success alone. */
  onConfirm: () => Promise<string | null>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
};

/** Asks before something is done. Only its buttons close it. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  cancelLabel = "Go back",
  danger = false,
  onConfirm,
  open: givenOpen,
  onOpenChange,
  trigger,
}: ConfirmDialogProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();

  function setOpen(open: boolean) {
    setFailure(null);
    setOwnOpen(open);
    onOpenChange?.(open);
  }

  function confirm() {
    startTransition(async () => {
      const message = await onConfirm().catch(() => "Something went wrong. Try again.");
      if (message === null) setOpen(false);
      else setFailure(message);
    });
  }

  return (
    <AlertDialog.Root
      open={givenOpen ?? ownOpen}
      onOpenChange={(open) => !pending && setOpen(open)}
    >
      {trigger && <AlertDialog.Trigger render={trigger} />}
      <AlertDialog.Portal>
        {/* Also over a dialog or a sheet that it was opened from. */}
        <AlertDialog.Backdrop forceRender className={BACKDROP_STYLE} />
        <AlertDialog.Viewport className="fixed inset-0 z-40 flex items-end justify-center p-2 sm:items-start sm:pt-[18vh]">
          <AlertDialog.Popup className={clsx(POPUP_STYLE, "w-full max-w-md p-4")}>
            <AlertDialog.Title className="text-base font-semibold break-words">
              {title}
            </AlertDialog.Title>
            <AlertDialog.Description
              render={<div />}
              className="text-muted mt-1 text-pretty break-words"
            >
              {children}
            </AlertDialog.Description>
            {failure && (
              <Callout tone="danger" className="mt-3">
                {failure}
              </Callout>
            )}
            <div className="mt-4 flex flex-wrap justify-end gap-2">
              <AlertDialog.Close render={<Button disabled={pending}>{cancelLabel}</Button>} />
              <Button variant={danger ? "danger" : "primary"} pending={pending} onClick={confirm}>
                {confirmLabel}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
