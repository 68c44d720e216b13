"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup as BaseRadioGroup } from "@base-ui/react/radio-group";
import type { ReactNode } from "react";

export type RadioItem<V extends string> = {
  value: V;
  label: ReactNode;
  description?: ReactNode;
  disabled?: boolean;
};

export type RadioGroupProps<V extends string> = {
  /** For screen readers; put it into a `FieldGroup` to show it. */
  label: string;
  items: readonly RadioItem<V>[];
  value?: V;
  defaultValue?: V;
  onValueChange?: (value: V) => void;
  name?: string;
  disabled?: boolean;
};

/** One of a few values that are worth seeing all at once. */
export function RadioGroup<V extends string>({
  label,
  items,
  onValueChange,
  ...props
}: RadioGroupProps<V>) {
  return (
    <BaseRadioGroup
      {...props}
      aria-label={label}
      onValueChange={(next: V) => onValueChange?.(next)}
      className="flex flex-col gap-2"
    >
      {items.map((item) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is Base UI's, with an input inside.
        <label key={item.value} className="flex w-fit items-start gap-2 text-sm">
          <Radio.Root
            value={item.value}
            disabled={item.disabled}
            className="border-control bg-canvas data-checked:border-accent data-checked:bg-accent my-0.5 grid size-4 shrink-0 place-items-center rounded-full border transition-colors data-disabled:opacity-55"
          >
            <Radio.Indicator className="bg-on-accent size-1.5 rounded-full" />
          </Radio.Root>
          <span className="min-w-0">
            {item.label}
            {item.description && (
              <span className="text-muted block text-xs">{item.description}</span>
            )}
          </span>
        </label>
      ))}
    </BaseRadioGroup>
  );
}
