import clsx from "clsx";
import { ChevronDown, ChevronsUp, ChevronUp, type LucideIcon, Minus } from "lucide-react";
import type { Priority } from "@/lib/domain/priority";

const LOOK = {
  LOW: { icon: ChevronDown, text: "text-faint" },
  MEDIUM: { icon: Minus, text: "text-muted" },
  HIGH: { icon: ChevronUp, text: "text-fg" },
  CRITICAL: { icon: ChevronsUp, text: "text-danger-fg font-medium" },
} as const satisfies Record<Priority, { icon: LucideIcon; text: string }>;

export function PriorityBadge({ priority, className }: { priority: Priority; className?: string }) {
  const { icon: Icon, text } = LOOK[priority];
  return (
    <span
      className={clsx(
        "inline-flex h-5 shrink-0 items-center gap-1 align-top text-xs whitespace-nowrap",
        text,
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {priority}
    </span>
  );
}
