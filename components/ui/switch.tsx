"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";
import clsx from "clsx";

export type SwitchProps = {
  /** What is on or off, for screen readers. */
  label: string;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
};

/** Something that is on or off, and changes at once. */
export function Switch({ label, className, ...props }: SwitchProps) {
  return (
    <BaseSwitch.Root
      {...props}
      aria-label={label}
      className={clsx(
        "bg-control data-checked:bg-accent relative inline-flex h-4 w-7 shrink-0 items-center rounded-full p-0.5 align-middle transition-colors data-disabled:opacity-55",
        className,
      )}
    >
      <BaseSwitch.Thumb className="bg-canvas size-3 rounded-full transition-[translate] data-checked:translate-x-3" />
    </BaseSwitch.Root>
  );
}
