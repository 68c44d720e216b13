import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { ActionResult } from "@/lib/actions/action-result";
import {
  cancelRunAction,
  pauseRunAction,
  resumeRunAction,
  retryRunAction,
  runGraphAction,
  scheduleTaskAction,
} from "@/lib/actions/runs";
import { isRunFinal, type RunStatus } from "@/lib/domain/status";
import type { Page, RunState, RunStructure, RunSummary, RunTimeline } from "@/lib/domain/views";
import { callAction } from "./call-action";
import { noteServerTime } from "./clock";
import { fetchJson } from "./fetch-json";
import { fetchLivePage } from "./live-list";
import { pollInterval } from "./polling";
import { runKey, runStructureKey } from "./query-keys";
import { searchParams } from "./search-params";

export type RunFilters = {
  status?: readonly RunStatus[];
  projectId?: string | null;
  graphId?: string | null;
  scheduleId?: string | null;
  text?: string;
};

const PAGE_SIZE = 50;

/** Runs, newest first; newer ones are counted until `useShowNewest` is called. */
export function runListQuery(filters: RunFilters) {
  const queryKey = ["runs", "list", filters] as const;
  return infiniteQueryOptions({
    queryKey,
    initialPageParam: null as string | null, // Pages after the first are named by their cursor.
    queryFn: ({ pageParam, signal, client }) =>
      fetchLivePage<RunSummary>({
        client,
        queryKey,
        cursor: pageParam,
        size: PAGE_SIZE,
        idOf: (run) => run.runId,
        fetchPage: (cursor) =>
          fetchJson<Page<RunSummary>>(
            `/api/runs${searchParams({ ...filters, cursor, limit: PAGE_SIZE })}`,
            signal,
          ),
      }),
    getNextPageParam: (page) => page.next,
    refetchInterval: pollInterval,
  });
}

/** The state of a run and its executions; a final run is not polled. */
export function runQuery(runId: string) {
  return queryOptions({
    queryKey: runKey(runId),
    queryFn: async ({ signal }) => {
      const state = await fetchJson<RunState>(`/api/runs/${runId}`, signal);
      noteServerTime(state.now);
      return state;
    },
    refetchInterval: ({ state }) =>
      state.data && isRunFinal(state.data.run.status) ? false : pollInterval(),
  });
}

/** What of a run never changes. */
export function runStructureQuery(runId: string) {
  return queryOptions({
    queryKey: runStructureKey(runId),
    queryFn: ({ signal }) => fetchJson<RunStructure>(`/api/runs/${runId}/structure`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** When which attempt of a run did what; hints of the run refresh it. */
export function runTimelineQuery(runId: string) {
  return queryOptions({
    queryKey: ["runs", runId, "timeline"],
    queryFn: ({ signal }) => fetchJson<RunTimeline>(`/api/runs/${runId}/timeline`, signal),
    refetchInterval: pollInterval,
  });
}

export function useRunGraph() {
  return useRunMutation(runGraphAction);
}

export function useScheduleTask() {
  return useRunMutation(scheduleTaskAction);
}

export function useCancelRun() {
  return useRunMutation(cancelRunAction);
}

export function usePauseRun() {
  return useRunMutation(pauseRunAction);
}

export function useResumeRun() {
  return useRunMutation(resumeRunAction);
}

export function useRetryRun() {
  return useRunMutation(retryRunAction);
}

function useRunMutation<I, T>(action: (input: I) => Promise<ActionResult<T>>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callAction(action, input),
    networkMode: "always",
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["runs"] });
      void client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
}
