import clsx from "clsx";
import Link from "next/link";
import { StatusIcon } from "@/components/shared/status-badge";
import { type ExecutionStatus, executionStatuses } from "@/lib/domain/status";

/** How many executions stand where; each leads to the list of them. */
export function StatusCounts({ counts }: { counts: Record<ExecutionStatus, number> }) {
  return (
    <ul
      aria-label="Executions by status"
      className="border-line divide-line grid grid-cols-2 overflow-hidden rounded-lg border sm:grid-cols-5 2xl:grid-cols-10"
    >
      {executionStatuses.map((status) => (
        <li key={status} className="border-line -mr-px -mb-px border-r border-b">
          <Link
            href={`/executions?status=${status}`}
            className="hover:bg-hover flex h-full items-center gap-2 px-3 py-2 -outline-offset-2"
          >
            <StatusIcon status={status} />
            <span className="text-muted min-w-0 flex-1 truncate text-xs">{status}</span>
            <span
              className={clsx(
                "text-lg font-semibold tabular-nums",
                counts[status] === 0 && "text-faint font-normal",
              )}
            >
              {counts[status].toLocaleString("en")}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
