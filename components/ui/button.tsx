"use client";

import { Button as BaseButton } from "@base-ui/react/button";
import clsx from "clsx";
import type { ReactNode } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";

export type ButtonProps = Omit<BaseButton.Props, "className" | "render"> & {
  className?: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Before the words; give the icon no size. */
  icon?: ReactNode;
  /** Shows that it works; keeps width and focus, and cannot be pressed again. */
  pending?: boolean;
  /** Why it cannot be pressed now; disables it, and says so in a tooltip that the keyboard reaches too. */
  disabledReason?: string | undefined;
};

export function Button({
  variant,
  size,
  icon,
  pending = false,
  disabledReason,
  disabled,
  className,
  children,
  ...props
}: ButtonProps) {
  const button = (
    <BaseButton
      type="button"
      {...props}
      disabled={disabled || pending || disabledReason !== undefined}
      focusableWhenDisabled={pending || disabledReason !== undefined}
      aria-busy={pending || undefined}
      className={clsx(buttonStyle({ variant, size }), className)}
    >
      <span className={clsx("contents", pending && "*:opacity-0")}>
        {icon}
        {children !== undefined && <span className="truncate">{children}</span>}
      </span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </BaseButton>
  );
  if (disabledReason === undefined) return button;
  return <Tooltip content={disabledReason}>{button}</Tooltip>;
}
