import {
  Activity,
  CalendarClock,
  FolderKanban,
  LayoutDashboard,
  type LucideIcon,
  Server,
  Workflow,
} from "lucide-react";

export type NavItem = { href: string; label: string; icon: LucideIcon; within: readonly string[] };

/** `within` are the paths that belong to it besides its own. */
export const NAV_ITEMS: readonly NavItem[] = [
  { href: "/", label: "Overview", icon: LayoutDashboard, within: [] },
  { href: "/projects", label: "Projects", icon: FolderKanban, within: ["/graphs"] },
  { href: "/schedules", label: "Schedules", icon: CalendarClock, within: [] },
  { href: "/runs", label: "Runs", icon: Workflow, within: [] },
  { href: "/executions", label: "Executions", icon: Activity, within: [] },
  { href: "/workers", label: "Workers", icon: Server, within: [] },
];

export function isCurrent(item: NavItem, path: string): boolean {
  if (item.href === "/") return path === "/";
  return [item.href, ...item.within].some((base) => path === base || path.startsWith(`${base}/`));
}
