"use client";

import { Button as BaseButton } from "@base-ui/react/button";
import clsx from "clsx";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { Spinner } from "./spinner";
import { Tooltip, type TooltipProps } from "./tooltip";

export type IconButtonProps = Omit<BaseButton.Props, "className" | "render" | "aria-label"> & {
  className?: string;
  /** The name for screen readers, and the tooltip. */
  label: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Shown in the tooltip, as in `Kbd`: "mod+s". */
  shortcut?: string;
  side?: TooltipProps["side"];
  pending?: boolean;
  disabledReason?: string | undefined;
};

export function IconButton({
  label,
  variant = "ghost",
  size,
  shortcut,
  side,
  pending = false,
  disabled = false,
  disabledReason,
  className,
  children,
  ...props
}: IconButtonProps) {
  return (
    <Tooltip
      content={disabledReason ? `${label}: ${disabledReason}` : label}
      shortcut={shortcut}
      side={side}
      repeatsLabel={disabledReason === undefined}
    >
      <BaseButton
        type="button"
        {...props}
        disabled={disabled || pending || disabledReason !== undefined}
        focusableWhenDisabled
        aria-label={label}
        aria-busy={pending || undefined}
        className={clsx(buttonStyle({ variant, size, square: true }), className)}
      >
        {pending ? <Spinner /> : children}
      </BaseButton>
    </Tooltip>
  );
}
