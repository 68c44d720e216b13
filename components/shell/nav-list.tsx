"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Tooltip } from "@/components/ui/tooltip";
import { isCurrent, NAV_ITEMS, type NavItem } from "./nav-items";

/** The places one can go. Folded, only the icons are seen and a tooltip has the word. */
export function NavList({
  folded = false,
  onNavigate,
}: {
  folded?: boolean;
  onNavigate?: () => void;
}) {
  const path = usePathname();
  return (
    <nav aria-label="Main">
      <ul className="flex flex-col gap-0.5">
        {NAV_ITEMS.map((item) => (
          <li key={item.href}>
            <Tooltip content={item.label} side="right" repeatsLabel disabled={!folded}>
              <NavLink item={item} current={isCurrent(item, path)} onClick={onNavigate} />
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NavLink({
  item,
  current,
  ...props
}: Omit<React.ComponentProps<typeof Link>, "href"> & { item: NavItem; current: boolean }) {
  return (
    <Link
      {...props}
      href={item.href}
      aria-current={current ? "page" : undefined}
      className={clsx(
        "flex h-8 items-center gap-2 rounded-md px-2 text-sm -outline-offset-2 transition-colors max-md:h-10",
        current ? "bg-hover text-fg font-medium" : "text-muted hover:bg-hover hover:text-fg",
      )}
    >
      <item.icon aria-hidden className="size-4 shrink-0" />
      <span className="nav-folded:md:sr-only truncate">{item.label}</span>
    </Link>
  );
}
