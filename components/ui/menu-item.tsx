"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import clsx from "clsx";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Kbd } from "./kbd";
import { ITEM_STYLE } from "./popup-style";

export type MenuItemProps = {
  icon?: ReactNode;
  /** Shown only; `useHotkeys` makes it work. */
  shortcut?: string;
  /** For what destroys. */
  danger?: boolean;
  disabled?: boolean;
  /** Why it cannot be chosen; disables it. */
  disabledReason?: string | undefined;
  onClick?: () => void;
  children: ReactNode;
};

export function MenuItem({
  icon,
  shortcut,
  danger = false,
  disabled,
  disabledReason,
  onClick,
  children,
}: MenuItemProps) {
  return (
    <BaseMenu.Item
      onClick={onClick}
      disabled={disabled || disabledReason !== undefined}
      className={clsx(ITEM_STYLE, danger && "not-data-disabled:text-danger-fg")}
    >
      {icon}
      <span className="min-w-0 flex-1">
        {children}
        {disabledReason && (
          <span className="text-muted block text-xs text-pretty">{disabledReason}</span>
        )}
      </span>
      {shortcut && <Kbd keys={shortcut} />}
    </BaseMenu.Item>
  );
}

/** Goes somewhere; also in a tab of its own, as links do. */
export function MenuLinkItem({
  icon,
  href,
  children,
}: {
  icon?: ReactNode;
  href: string;
  children: ReactNode;
}) {
  return (
    <BaseMenu.LinkItem closeOnClick render={<Link href={href} />} className={ITEM_STYLE}>
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
    </BaseMenu.LinkItem>
  );
}

export function MenuCheckboxItem({
  checked,
  onCheckedChange,
  icon,
  children,
}: {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <BaseMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onCheckedChange}
      closeOnClick={false}
      className={ITEM_STYLE}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
      <BaseMenu.CheckboxItemIndicator className="text-accent-fg">
        <Check aria-hidden />
      </BaseMenu.CheckboxItemIndicator>
    </BaseMenu.CheckboxItem>
  );
}

export function MenuRadioGroup<V extends string>({
  value,
  onValueChange,
  children,
}: {
  value: V;
  onValueChange: (value: V) => void;
  children: ReactNode;
}) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next: V) => onValueChange(next)}>
      {children}
    </BaseMenu.RadioGroup>
  );
}

export function MenuRadioItem({
  value,
  icon,
  children,
}: {
  value: string;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <BaseMenu.RadioItem value={value} closeOnClick className={ITEM_STYLE}>
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
      <BaseMenu.RadioItemIndicator className="text-accent-fg">
        <Check aria-hidden />
      </BaseMenu.RadioItemIndicator>
    </BaseMenu.RadioItem>
  );
}

/** Items that belong together, under a heading. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="text-faint px-2 pt-1.5 pb-1 text-xs font-medium">
        {label}
      </BaseMenu.GroupLabel>
      {children}
    </BaseMenu.Group>
  );
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="bg-line -mx-1 my-1 h-px" />;
}
