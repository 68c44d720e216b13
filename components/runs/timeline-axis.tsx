import clsx from "clsx";
import type { ReactNode } from "react";
import { formatDuration } from "@/components/shared/format-time";
import { BAR, type Extent, statusOf } from "./timeline-row";
import { type SegmentKind, ticksOf } from "./timeline-segments";

/** Time since the run was created. */
export function TimelineAxis({ extent, ticks }: { extent: Extent; ticks: number }) {
  const length = extent.to - extent.from;
  return (
    <div
      aria-hidden
      className="border-line bg-subtle text-muted sticky top-0 z-20 flex h-8 border-b text-xs"
    >
      <span className="bg-subtle sticky left-0 z-10 flex w-(--names) shrink-0 items-center px-4 font-medium">
        Task
      </span>
      <span className="relative mr-4 min-w-0 flex-1">
        {ticksOf(length, ticks).map((ms) => (
          <span
            key={ms}
            className="border-line absolute inset-y-0 flex items-center border-l pl-1 whitespace-nowrap tabular-nums"
            style={{ left: `${(ms / length) * 100}%` }}
          >
            {ms === 0 ? "0" : formatDuration(ms).replace(/ 00 \w+$/, "")}
          </span>
        ))}
      </span>
    </div>
  );
}

const KINDS = {
  blocked: "waits for tasks",
  queued: "in the queue",
  preparing: "preparing",
  running: "running",
  "retry delay": "retry delay",
} as const satisfies Record<SegmentKind, string>;

export function TimelineLegend({ children }: { children: ReactNode }) {
  return (
    <div className="border-line text-muted flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-1 text-xs">
      {Object.entries(KINDS).map(([kind, label]) => (
        <LegendItem key={kind} kind={kind as SegmentKind /* the keys of KINDS */} label={label} />
      ))}
      <span className="ml-auto flex">{children}</span>
    </div>
  );
}

function LegendItem({ kind, label }: { kind: SegmentKind; label: string }) {
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className="relative h-5 w-6">
        <span
          data-status={statusOf({ kind, outcome: null })}
          className={clsx("absolute w-6", BAR[kind])}
        />
      </span>
      {label}
    </span>
  );
}
