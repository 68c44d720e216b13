import { StackedBar } from "@/components/ui/stacked-bar";
import type { ExecutionStatus } from "@/lib/domain/status";

/** Done on the left, then what failed, then what is under way, then what waits. */
const ORDER = [
  "COMPLETED",
  "FAILED",
  "TIMEOUT",
  "CANCELLED",
  "RUNNING",
  "PREPARING",
  "RETRYING",
  "SCHEDULED",
  "PAUSED",
  "PENDING",
] as const satisfies readonly ExecutionStatus[];

export type StatusCounts = Partial<Record<ExecutionStatus, number>>;

/** How many executions stand where, as one line. */
export function StatusBar({ label, counts }: { label: string; counts: StatusCounts }) {
  const segments = ORDER.map((status) => ({
    label: status,
    value: counts[status] ?? 0,
    color: `var(--${status.toLowerCase()})`,
  }));
  return <StackedBar label={label} segments={segments} />;
}
