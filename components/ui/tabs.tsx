"use client";

import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import clsx from "clsx";
import type { ReactNode } from "react";

export type TabsProps<V extends string> = {
  value: V;
  onValueChange: (value: V) => void;
  className?: string;
  /** `TabList` with its `Tab`s, and one `TabPanel` each. */
  children: ReactNode;
};

export function Tabs<V extends string>({
  value,
  onValueChange,
  className,
  children,
}: TabsProps<V>) {
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(next: V) => onValueChange(next)}
      className={clsx("flex min-h-0 min-w-0 flex-col", className)}
    >
      {children}
    </BaseTabs.Root>
  );
}

export function TabList({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <BaseTabs.List
      aria-label={label}
      className={clsx(
        "border-line relative flex shrink-0 [scrollbar-width:none] gap-4 overflow-x-auto border-b px-4",
        className,
      )}
    >
      {children}
      <BaseTabs.Indicator className="bg-accent-fg absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) transition-[translate,width] duration-150" />
    </BaseTabs.List>
  );
}

export function Tab({
  value,
  icon,
  count,
  disabled,
  children,
}: {
  value: string;
  icon?: ReactNode;
  /** A number beside the word, such as how many errors. */
  count?: number;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <BaseTabs.Tab
      value={value}
      disabled={disabled}
      className="text-muted hover:text-fg data-disabled:text-faint data-active:text-fg flex h-9 shrink-0 items-center gap-1.5 rounded-sm text-sm whitespace-nowrap -outline-offset-2 data-active:font-medium [&_svg]:size-4"
    >
      {icon}
      {children}
      {count !== undefined && (
        <span className="bg-sunken text-muted rounded-sm px-1 text-xs font-normal">{count}</span>
      )}
    </BaseTabs.Tab>
  );
}

export function TabPanel({
  value,
  keepMounted = false,
  className,
  children,
}: {
  value: string;
  /** For panels that are costly to build again or hold a scroll position. */
  keepMounted?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <BaseTabs.Panel
      value={value}
      keepMounted={keepMounted}
      className={clsx("min-h-0 flex-1 -outline-offset-2", className)}
    >
      {children}
    </BaseTabs.Panel>
  );
}
