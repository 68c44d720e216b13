"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Plus } from "lucide-react";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { ScheduleDialog } from "@/components/shared/schedule/schedule-dialog";
import { ScheduleItem } from "@/components/shared/schedule/schedule-item";
import { TableSkeleton } from "@/components/shared/table-skeleton";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { scheduleListQuery } from "@/lib/client/schedules";
import { useEditor } from "./editor-context";

/** Opens the schedules of the graph; whether they are open is in the address, so that a link can show them. */
export function SchedulesButton() {
  const { graphId } = useEditor();
  const [isOpen, setOpen] = useQueryState("schedules", parseAsBoolean.withDefault(false));
  const { data: schedules } = useQuery(scheduleListQuery({ graphId }));
  const count = schedules?.length ?? 0;
  return (
    <>
      <Button icon={<CalendarClock aria-hidden />} onClick={() => void setOpen(true)}>
        Schedules
        {count > 0 && <span className="text-muted ml-1.5 tabular-nums">{count}</span>}
      </Button>
      <Sheet title="Schedules" open={isOpen} onOpenChange={(open) => void setOpen(open || null)}>
        <GraphSchedules graphId={graphId} />
      </Sheet>
    </>
  );
}

function GraphSchedules({ graphId }: { graphId: string }) {
  const [isAdding, setAdding] = useState(false);
  const { data: schedules, error, refetch, isFetching } = useQuery(scheduleListQuery({ graphId }));
  const add = (
    <Button
      variant={schedules?.length ? "secondary" : "primary"}
      icon={<Plus aria-hidden />}
      onClick={() => setAdding(true)}
    >
      Add a schedule
    </Button>
  );
  return (
    <>
      {!schedules && !error && <TableSkeleton rows={3} />}
      {!schedules && error && (
        <ErrorState onRetry={refetch} retrying={isFetching}>
          {error.message}
        </ErrorState>
      )}
      {schedules?.length === 0 && (
        <EmptyState
          icon={<CalendarClock />}
          title="Runs only when somebody presses Run"
          action={add}
        >
          A schedule runs the graph as it is saved: by a cron expression in any time zone, or once
          at a given time.
        </EmptyState>
      )}
      {schedules && schedules.length > 0 && (
        <>
          <ul className="divide-line border-line divide-y border-b">
            {schedules.map((schedule) => (
              <ScheduleItem key={schedule.scheduleId} schedule={schedule} />
            ))}
          </ul>
          <div className="p-4">{add}</div>
        </>
      )}
      <ScheduleDialog of={{ graphId }} open={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}
