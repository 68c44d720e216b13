"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";
import clsx from "clsx";
import type { ReactNode } from "react";

export type SwitchProps = {
  label: ReactNode;
  description?: ReactNode;
  checked?: boolean;
  defaultChecked?: boolean;
  onCheckedChange?: (checked: boolean) => void;
  name?: string;
  disabled?: boolean;
  className?: string;
};

/** On or off, at once; a checkbox is for what takes effect when a form is sent. */
export function Switch({ label, description, className, ...props }: SwitchProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is Base UI's, with an input inside.
    <label className={clsx("inline-flex w-fit items-start gap-2 text-sm", className)}>
      <BaseSwitch.Root
        {...props}
        className="bg-control data-checked:bg-accent my-0.5 flex h-4 w-7 shrink-0 items-center rounded-full p-0.5 transition-colors data-disabled:opacity-55"
      >
        <BaseSwitch.Thumb className="bg-on-accent size-3 rounded-full transition-[translate] data-checked:translate-x-3" />
      </BaseSwitch.Root>
      <span className="min-w-0">
        {label}
        {description && <span className="text-muted block text-xs">{description}</span>}
      </span>
    </label>
  );
}
