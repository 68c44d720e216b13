"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import clsx from "clsx";
import type { ReactNode } from "react";

type SegmentedItem<V extends string> = { value: V; label: string; icon?: ReactNode };

export type SegmentedControlProps<V extends string> = {
  /** What is chosen here, for screen readers. */
  label: string;
  items: readonly SegmentedItem<V>[];
  value: V;
  onValueChange: (value: V) => void;
  /** Icons alone; the labels are still read out and shown as tooltips. */
  iconOnly?: boolean;
  className?: string;
};

/** One of two to five ways to see the same thing. */
export function SegmentedControl<V extends string>({
  label,
  items,
  value,
  onValueChange,
  iconOnly = false,
  className,
}: SegmentedControlProps<V>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next: V) => onValueChange(next)}
      className={clsx("bg-sunken inline-flex h-7 w-fit shrink-0 rounded-md p-0.5", className)}
    >
      {items.map((item) => (
        <Radio.Root
          key={item.value}
          value={item.value}
          title={iconOnly ? item.label : undefined}
          className="text-muted hover:text-fg data-checked:bg-raised data-checked:text-fg data-checked:shadow-segment inline-flex cursor-pointer items-center justify-center gap-1.5 rounded-sm px-2 text-sm transition-colors select-none [&_svg]:size-4"
        >
          {item.icon}
          <span className={clsx(iconOnly && "sr-only")}>{item.label}</span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
