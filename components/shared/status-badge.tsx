import clsx from "clsx";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CirclePlay,
  CircleX,
  Clock,
  type LucideIcon,
  PackageOpen,
  RotateCw,
  TimerOff,
} from "lucide-react";
import type { ExecutionStatus } from "@/lib/domain/status";

/** One icon per status, so colour is never the only sign. The colours are in globals.css, by `data-status`. */
export const STATUS_ICON = {
  PENDING: CircleDashed,
  SCHEDULED: Clock,
  PREPARING: PackageOpen,
  RUNNING: CirclePlay,
  PAUSED: CirclePause,
  COMPLETED: CircleCheck,
  FAILED: CircleX,
  CANCELLED: Ban,
  RETRYING: RotateCw,
  TIMEOUT: TimerOff,
} as const satisfies Record<ExecutionStatus, LucideIcon>;

/** Icon and word. The statuses of a run are among those of an execution. */
export function StatusBadge({
  status,
  className,
}: {
  status: ExecutionStatus;
  className?: string;
}) {
  const Icon = STATUS_ICON[status];
  return (
    <span
      data-status={status}
      className={clsx(
        "bg-status-tint text-status inline-flex h-5 shrink-0 items-center gap-1 rounded-sm pr-1.5 pl-1 align-top text-xs font-medium whitespace-nowrap",
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {status}
    </span>
  );
}

/** The icon alone, where the word would not fit; it carries the word for screen readers and as a tooltip. */
export function StatusIcon({ status, className }: { status: ExecutionStatus; className?: string }) {
  const Icon = STATUS_ICON[status];
  return (
    <span
      role="img"
      aria-label={status}
      title={status}
      data-status={status}
      className="text-status inline-flex shrink-0 align-middle"
    >
      <Icon aria-hidden className={clsx("size-4", className)} strokeWidth={2.25} />
    </span>
  );
}
