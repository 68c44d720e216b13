"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import clsx from "clsx";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";

export type CheckboxProps = {
  label: ReactNode;
  /** Only for screen readers, such as in the rows of a table. */
  hideLabel?: boolean;
  description?: ReactNode;
  checked?: boolean;
  defaultChecked?: boolean;
  /** Some of what it stands for is checked. */
  indeterminate?: boolean;
  onCheckedChange?: (checked: boolean) => void;
  name?: string;
  disabled?: boolean;
  className?: string;
};

export function Checkbox({
  label,
  hideLabel = false,
  description,
  className,
  ...props
}: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is Base UI's, with an input inside.
    <label className={clsx("inline-flex w-fit items-start gap-2 text-sm", className)}>
      <BaseCheckbox.Root
        {...props}
        className="border-control bg-canvas data-checked:border-accent data-indeterminate:border-accent data-checked:bg-accent data-indeterminate:bg-accent my-0.5 grid size-4 shrink-0 place-items-center rounded-sm border transition-colors data-disabled:opacity-55"
      >
        <BaseCheckbox.Indicator className="text-on-accent">
          {props.indeterminate ? (
            <Minus aria-hidden className="size-3" strokeWidth={3} />
          ) : (
            <Check aria-hidden className="size-3" strokeWidth={3} />
          )}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className={clsx("min-w-0", hideLabel && "sr-only")}>
        {label}
        {description && <span className="text-muted block text-xs">{description}</span>}
      </span>
    </label>
  );
}
