"use client";

import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Minus, Plus } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { ErrorState } from "@/components/shared/error-state";
import { useServerNow } from "@/components/shared/execution/use-server-now";
import { TableSkeleton } from "@/components/shared/table-skeleton";
import { NARROW, useMedia } from "@/components/shared/use-media";
import { IconButton } from "@/components/ui/icon-button";
import { runTimelineQuery } from "@/lib/client/runs";
import type { RunStructure } from "@/lib/domain/views";
import { TimelineAxis, TimelineLegend } from "./timeline-axis";
import { TimelineRow } from "./timeline-row";
import { extentOf } from "./timeline-segments";

const ROW_HEIGHT = 32;
const ZOOMS = [1, 2, 4, 8, 16, 32];

export type RunTimelineViewProps = {
  runId: string;
  structure: RunStructure;
  final: boolean;
  selectedId: string | null;
  onSelect: (executionId: string) => void;
};

/** What took how long: waiting, preparing, running and retry delays of every execution on one axis. */
export function RunTimelineView({ runId, structure, final, ...selection }: RunTimelineViewProps) {
  const { data, error, refetch, isFetching } = useQuery(runTimelineQuery(runId));
  const names = useMemo(
    () => new Map(structure.executions.map((each) => [each.executionId, each.taskName])),
    [structure],
  );
  const now = useServerNow({ ticking: !final });
  const narrow = useMedia(NARROW);
  const [zoom, setZoom] = useState(0);
  const container = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: data?.executions.length ?? 0,
    getScrollElement: () => container.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });

  if (!data && error)
    return (
      <ErrorState onRetry={refetch} retrying={isFetching}>
        {error.message}
      </ErrorState>
    );
  if (!data) return <TableSkeleton />;
  const extent = extentOf(data, now);
  const factor = ZOOMS[zoom] ?? 1;
  return (
    <div className="flex h-full min-h-0 flex-col [--names:9rem] sm:[--names:15rem]">
      <div ref={container} className="min-h-0 flex-1 overflow-auto">
        <div
          className="min-w-full"
          style={{ width: `calc(var(--names) + (100% - var(--names)) * ${factor})` }}
        >
          <TimelineAxis extent={extent} ticks={(narrow ? 3 : 8) * factor} />
          <ul
            aria-label="Timeline"
            className="relative"
            style={{ height: virtualizer.getTotalSize() }}
          >
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const execution = data.executions[index];
              return (
                execution && (
                  <TimelineRow
                    key={execution.executionId}
                    execution={execution}
                    name={names.get(execution.executionId) ?? ""}
                    extent={extent}
                    now={now}
                    top={start}
                    selected={execution.executionId === selection.selectedId}
                    onSelect={selection.onSelect}
                  />
                )
              );
            })}
          </ul>
        </div>
      </div>
      <TimelineLegend>
        <IconButton
          size="sm"
          label="Zoom out"
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          <Minus aria-hidden />
        </IconButton>
        <IconButton
          size="sm"
          label="Zoom in"
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          <Plus aria-hidden />
        </IconButton>
      </TimelineLegend>
    </div>
  );
}
