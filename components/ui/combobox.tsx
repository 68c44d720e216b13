"use client";

import { Combobox as BaseCombobox } from "@base-ui/react/combobox";
import clsx from "clsx";
import { Check, ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import { CONTROL_HEIGHT, CONTROL_STYLE, type ControlSize } from "./control-style";
import { ITEM_STYLE, POPUP_STYLE } from "./popup-style";

export type ComboboxItem = { value: string; label: string; description?: string; icon?: ReactNode };

export type ComboboxProps = {
  items: readonly ComboboxItem[];
  /** `null` while nothing is chosen. */
  value: string | null;
  onValueChange: (value: string | null) => void;
  placeholder?: string;
  /** What is said when nothing matches. */
  emptyText?: string;
  size?: ControlSize;
  disabled?: boolean;
  /** Where no `Field` gives it a label. */
  label?: string;
  className?: string;
};

/** One of many values, found by typing a part of its label. */
export function Combobox({
  items,
  value,
  onValueChange,
  placeholder = "Search…",
  emptyText = "Nothing matches.",
  size = "md",
  disabled,
  label,
  className,
}: ComboboxProps) {
  const chosen = items.find((item) => item.value === value) ?? null;
  return (
    <BaseCombobox.Root
      items={items}
      value={chosen}
      onValueChange={(item) => onValueChange(item?.value ?? null)}
      isItemEqualToValue={(item, other) => item.value === other.value}
      disabled={disabled}
      autoHighlight
    >
      <BaseCombobox.InputGroup className={clsx("relative", className)}>
        <BaseCombobox.Input
          aria-label={label}
          placeholder={placeholder}
          className={clsx(CONTROL_STYLE, CONTROL_HEIGHT[size], "truncate pr-14 pl-2")}
        />
        <div className="text-faint absolute inset-y-0 right-0 flex">
          {chosen && (
            <BaseCombobox.Clear aria-label="Clear" className={ADORNMENT_STYLE}>
              <X aria-hidden className="size-3.5" />
            </BaseCombobox.Clear>
          )}
          <BaseCombobox.Trigger aria-label="Show all" className={ADORNMENT_STYLE}>
            <ChevronDown aria-hidden className="size-3.5" />
          </BaseCombobox.Trigger>
        </div>
      </BaseCombobox.InputGroup>
      <BaseCombobox.Portal>
        <BaseCombobox.Positioner sideOffset={4} collisionPadding={8} className="z-50 outline-none">
          <BaseCombobox.Popup
            className={clsx(POPUP_STYLE, "w-(--anchor-width) max-w-(--available-width) min-w-56")}
          >
            <BaseCombobox.Empty>
              <p className="text-muted px-3 py-2">{emptyText}</p>
            </BaseCombobox.Empty>
            <BaseCombobox.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1 data-empty:p-0">
              {(item: ComboboxItem) => <Choice key={item.value} item={item} />}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}

const ADORNMENT_STYLE = "grid w-7 place-items-center rounded-md hover:text-fg";

function Choice({ item }: { item: ComboboxItem }) {
  return (
    <BaseCombobox.Item value={item} className={ITEM_STYLE}>
      {item.icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{item.label}</span>
        {item.description && (
          <span className="text-muted block truncate text-xs">{item.description}</span>
        )}
      </span>
      <BaseCombobox.ItemIndicator className="text-accent-fg">
        <Check aria-hidden />
      </BaseCombobox.ItemIndicator>
    </BaseCombobox.Item>
  );
}
