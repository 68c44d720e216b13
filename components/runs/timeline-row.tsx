"use client";

import clsx from "clsx";
import { formatDuration } from "@/components/shared/format-time";
import { StatusIcon } from "@/components/shared/status-badge";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { RunTimeline } from "@/lib/domain/views";
import { useExecutionState } from "./run-states";
import { type Segment, type SegmentKind, segmentsOf } from "./timeline-segments";

export type Extent = { from: number; to: number };

export type TimelineRowProps = {
  execution: RunTimeline["executions"][number];
  name: string;
  extent: Extent;
  now: number;
  top: number;
  selected: boolean;
  onSelect: (executionId: string) => void;
};

/** One execution on the axis; the whole row selects it. */
export function TimelineRow({ execution, name, extent, now, ...row }: TimelineRowProps) {
  const state = useExecutionState(execution.executionId);
  const segments = segmentsOf(execution, now);
  return (
    <li
      className={clsx(
        "border-line absolute inset-x-0 flex h-8 border-b",
        row.selected ? "bg-selected" : "hover:bg-hover",
      )}
      style={{ transform: `translateY(${row.top}px)` }}
    >
      <button
        type="button"
        aria-current={row.selected || undefined}
        title={name}
        onClick={() => row.onSelect(execution.executionId)}
        className="bg-canvas sticky left-0 z-10 flex w-(--names) shrink-0 items-center gap-2 px-4 text-left -outline-offset-2 after:absolute after:inset-y-0 after:left-0 after:w-dvw"
      >
        {state && <StatusIcon status={state.status} />}
        <span className="truncate">{name}</span>
        <span className="sr-only">{segments.map(describeSegment).join(", ")}</span>
      </button>
      <div aria-hidden className="relative my-1.5 mr-4 min-w-0 flex-1">
        {segments.map((segment) => (
          <Bar key={`${segment.kind} ${segment.from}`} segment={segment} extent={extent} />
        ))}
      </div>
    </li>
  );
}

function Bar({ segment, extent }: { segment: Segment; extent: Extent }) {
  const length = extent.to - extent.from;
  return (
    <span
      data-status={statusOf(segment)}
      title={describeSegment(segment)}
      className={clsx("absolute z-11 min-w-px", BAR[segment.kind])}
      style={{
        left: `${((segment.from - extent.from) / length) * 100}%`,
        width: `${((segment.to - segment.from) / length) * 100}%`,
      }}
    />
  );
}

/** Waiting is thin, work is thick; a retry delay is dotted. */
export const BAR = {
  blocked: "inset-y-2 translate-y-px border-control border-t",
  queued: "top-2 h-1 rounded-full bg-status",
  preparing: "inset-y-1 rounded-l-sm bg-status opacity-60",
  running: "inset-y-0.5 rounded-sm bg-status",
  "retry delay": "inset-y-2 translate-y-px border-t-2 border-dotted border-status",
} as const satisfies Record<SegmentKind, string>;

export function statusOf({ kind, outcome }: Pick<Segment, "kind" | "outcome">): ExecutionStatus {
  switch (kind) {
    case "blocked":
      return "PENDING";
    case "queued":
      return "SCHEDULED";
    case "retry delay":
      return "RETRYING";
    case "preparing":
    case "running":
      return statusOfOutcome(outcome, kind);
  }
}

function statusOfOutcome(
  outcome: Segment["outcome"],
  kind: "preparing" | "running",
): ExecutionStatus {
  if (outcome === null || kind === "preparing")
    return kind === "preparing" ? "PREPARING" : "RUNNING";
  if (outcome === "LOST" || outcome === "RELEASED") return "PAUSED";
  return outcome;
}

function describeSegment({ kind, from, to, attempt, outcome }: Segment): string {
  const of =
    attempt > 0 && (kind === "running" || kind === "preparing") ? ` attempt ${attempt}` : "";
  const end = kind === "running" && outcome !== null ? `, ${outcome}` : "";
  return `${kind}${of}: ${formatDuration(to - from)}${end}`;
}
