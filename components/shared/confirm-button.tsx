"use client";

import type { ReactNode } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";
import { ConfirmDialog, type ConfirmDialogProps } from "@/components/ui/confirm-dialog";

export type ConfirmButtonProps = Pick<
  ButtonProps,
  "variant" | "size" | "icon" | "disabled" | "disabledReason" | "className"
> &
  Pick<ConfirmDialogProps, "title" | "confirmLabel" | "cancelLabel" | "danger" | "onConfirm"> & {
    /** The word on the button. */
    label: string;
    /** What will happen, and whether it can be undone. */
    children: ReactNode;
  };

/** A button that asks before it acts. */
export function ConfirmButton({
  label,
  title,
  confirmLabel,
  cancelLabel,
  danger,
  onConfirm,
  children,
  ...button
}: ConfirmButtonProps) {
  return (
    <ConfirmDialog
      title={title}
      confirmLabel={confirmLabel}
      cancelLabel={cancelLabel}
      danger={danger}
      onConfirm={onConfirm}
      trigger={<Button {...button}>{label}</Button>}
    >
      {children}
    </ConfirmDialog>
  );
}
