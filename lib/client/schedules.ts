import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ActionResult } from "@/lib/actions/action-result";
import {
  cancelBackfillAction,
  createScheduleAction,
  deleteScheduleAction,
  enableScheduleAction,
  runScheduleAction,
  startBackfillAction,
  updateScheduleAction,
} from "@/lib/actions/schedules";
import type { BackfillPreview, BackfillView, ScheduleView } from "@/lib/domain/schedule-views";
import { callAction } from "./call-action";
import { fetchJson } from "./fetch-json";
import { pollInterval } from "./polling";
import { searchParams } from "./search-params";

/** Schedules by their next fire time; of one graph, or all. */
export function scheduleListQuery(filters: { graphId?: string } = {}) {
  return queryOptions({
    queryKey: ["schedules", "list", filters],
    queryFn: ({ signal }) =>
      fetchJson<ScheduleView[]>(`/api/schedules${searchParams(filters)}`, signal),
    refetchInterval: pollInterval,
  });
}

/** The latest back-fills of a schedule, the newest first. */
export function backfillListQuery(scheduleId: string) {
  return queryOptions({
    queryKey: ["schedules", scheduleId, "backfills"],
    queryFn: ({ signal }) =>
      fetchJson<BackfillView[]>(`/api/schedules/${scheduleId}/backfills`, signal),
    refetchInterval: pollInterval,
  });
}

/** What a back-fill over this range would run; the times are RFC 3339. */
export function backfillPreviewQuery(scheduleId: string, range: { from: string; to: string }) {
  return queryOptions({
    queryKey: ["schedules", scheduleId, "preview", range],
    queryFn: ({ signal }) =>
      fetchJson<BackfillPreview>(
        `/api/schedules/${scheduleId}/backfills/preview${searchParams(range)}`,
        signal,
      ),
    // The list does not jump away while another range is looked up.
    placeholderData: keepPreviousData,
  });
}

export function useCreateSchedule() {
  return useScheduleMutation(createScheduleAction);
}

export function useUpdateSchedule() {
  return useScheduleMutation(updateScheduleAction);
}

export function useDeleteSchedule() {
  return useScheduleMutation(deleteScheduleAction);
}

export function useEnableSchedule() {
  return useScheduleMutation(enableScheduleAction);
}

export function useRunSchedule() {
  return useScheduleMutation(runScheduleAction);
}

export function useStartBackfill() {
  return useScheduleMutation(startBackfillAction);
}

export function useCancelBackfill() {
  return useScheduleMutation(cancelBackfillAction);
}

function useScheduleMutation<I, T>(action: (input: I) => Promise<ActionResult<T>>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callAction(action, input),
    networkMode: "always",
    onSettled: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}
