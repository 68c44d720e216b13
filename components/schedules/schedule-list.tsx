"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { TableSkeleton } from "@/components/shared/table-skeleton";
import { ButtonLink } from "@/components/ui/button-link";
import { scheduleListQuery } from "@/lib/client/schedules";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { ScheduleTable } from "./schedule-table";

/** Every schedule there is, the one that fires next first. */
export function ScheduleList({ initial }: { initial?: ScheduleView[] | undefined }) {
  const {
    data: schedules,
    error,
    refetch,
    isFetching,
  } = useQuery({ ...scheduleListQuery(), initialData: initial });
  return (
    <>
      <PageHeader title="Schedules" />
      <PageBody flush>
        {!schedules && !error && <TableSkeleton rows={5} />}
        {!schedules && error && (
          <ErrorState onRetry={refetch} retrying={isFetching}>
            {error.message}
          </ErrorState>
        )}
        {schedules?.length === 0 && (
          <EmptyState
            icon={<CalendarClock />}
            title="No graph runs by itself yet"
            action={<ButtonLink href="/projects">Go to the projects</ButtonLink>}
          >
            Open a graph and press Schedules: it can run by a cron expression in any time zone, or
            once at a given time.
          </EmptyState>
        )}
        {schedules && schedules.length > 0 && <ScheduleTable schedules={schedules} />}
      </PageBody>
    </>
  );
}
