"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import clsx from "clsx";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { CONTROL_HEIGHT, CONTROL_STYLE, type ControlSize } from "./control-style";
import { ITEM_STYLE, POPUP_STYLE } from "./popup-style";

type SelectItem<V extends string> = {
  value: V;
  label: string;
  icon?: ReactNode;
  description?: string;
  disabled?: boolean;
};

export type SelectProps<V extends string> = {
  items: readonly SelectItem<V>[];
  /** `null` while nothing is chosen. */
  value?: V | null;
  defaultValue?: V;
  onValueChange?: (value: V) => void;
  placeholder?: string;
  size?: ControlSize;
  name?: string;
  disabled?: boolean;
  /** Where no `Field` gives it a label. */
  label?: string;
  className?: string;
};

/** One of a few known values. */
export function Select<V extends string>({
  items,
  value,
  defaultValue,
  onValueChange,
  placeholder = "Choose…",
  size = "md",
  name,
  disabled,
  label,
  className,
}: SelectProps<V>) {
  return (
    <BaseSelect.Root
      items={items}
      value={value}
      defaultValue={defaultValue}
      onValueChange={(next: V | null) => {
        if (next !== null) onValueChange?.(next);
      }}
      name={name}
      disabled={disabled}
    >
      <BaseSelect.Trigger
        aria-label={label}
        className={clsx(
          CONTROL_STYLE,
          CONTROL_HEIGHT[size],
          "flex items-center justify-between gap-2 pr-1.5 pl-2 text-left select-none",
          className,
        )}
      >
        <BaseSelect.Value
          className="data-placeholder:text-faint min-w-0 truncate"
          placeholder={placeholder}
        >
          {(chosen: V | null) => (
            <Chosen item={items.find((item) => item.value === chosen)} placeholder={placeholder} />
          )}
        </BaseSelect.Value>
        <BaseSelect.Icon className="text-faint shrink-0">
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner
          alignItemWithTrigger={false}
          sideOffset={4}
          collisionPadding={8}
          className="z-50"
        >
          <BaseSelect.Popup className={clsx(POPUP_STYLE, "max-w-96 min-w-(--anchor-width)")}>
            <BaseSelect.List className="max-h-[min(22rem,var(--available-height))] overflow-y-auto p-1">
              {items.map((item) => (
                <Choice key={item.value} item={item} />
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

function Chosen<V extends string>({
  item,
  placeholder,
}: {
  item: SelectItem<V> | undefined;
  placeholder: string;
}) {
  if (!item) return placeholder;
  return (
    <span className="flex min-w-0 items-center gap-2 [&_svg]:size-4 [&_svg]:shrink-0">
      {item.icon}
      <span className="truncate">{item.label}</span>
    </span>
  );
}

function Choice<V extends string>({ item }: { item: SelectItem<V> }) {
  return (
    <BaseSelect.Item value={item.value} disabled={item.disabled} className={ITEM_STYLE}>
      {item.icon}
      <span className="min-w-0 flex-1">
        <BaseSelect.ItemText className="block truncate">{item.label}</BaseSelect.ItemText>
        {item.description && <span className="text-muted block text-xs">{item.description}</span>}
      </span>
      <BaseSelect.ItemIndicator className="text-accent-fg">
        <Check aria-hidden />
      </BaseSelect.ItemIndicator>
    </BaseSelect.Item>
  );
}
