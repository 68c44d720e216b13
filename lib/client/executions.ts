import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { ActionResult } from "@/lib/actions/action-result";
import {
  cancelExecutionAction,
  pauseExecutionAction,
  resumeExecutionAction,
  retryExecutionAction,
} from "@/lib/actions/executions";
import type { Priority } from "@/lib/domain/priority";
import { type ExecutionStatus, isFinal } from "@/lib/domain/status";
import type { ExecutionCounts, ExecutionDetail, ExecutionSummary, Page } from "@/lib/domain/views";
import { callAction } from "./call-action";
import { noteServerTime } from "./clock";
import { fetchJson } from "./fetch-json";
import { fetchLivePage } from "./live-list";
import { pollInterval } from "./polling";
import { executionKey } from "./query-keys";
import { searchParams } from "./search-params";

export type ExecutionFilters = {
  status?: readonly ExecutionStatus[];
  priority?: readonly Priority[];
  projectId?: string | null;
  graphId?: string | null;
  runId?: string | null;
  taskId?: string | null;
  text?: string;
};

const PAGE_SIZE = 50;

/** Executions, newest first; newer ones are counted until `useShowNewest` is called. */
export function executionListQuery(filters: ExecutionFilters) {
  const queryKey = ["executions", "list", filters] as const;
  return infiniteQueryOptions({
    queryKey,
    initialPageParam: null as string | null, // Pages after the first are named by their cursor.
    queryFn: ({ pageParam, signal, client }) =>
      fetchLivePage<ExecutionSummary>({
        client,
        queryKey,
        cursor: pageParam,
        size: PAGE_SIZE,
        idOf: (execution) => execution.executionId,
        fetchPage: (cursor) =>
          fetchJson<Page<ExecutionSummary>>(
            `/api/executions${searchParams({ ...filters, cursor, limit: PAGE_SIZE })}`,
            signal,
          ),
      }),
    getNextPageParam: (page) => page.next,
    refetchInterval: pollInterval,
  });
}

/** How many executions have which status, under the same filters but that of the status. */
export function executionCountsQuery({ status: _status, ...filters }: ExecutionFilters) {
  return queryOptions({
    queryKey: ["executions", "counts", filters],
    queryFn: ({ signal }) =>
      fetchJson<ExecutionCounts>(`/api/executions/counts${searchParams(filters)}`, signal),
    refetchInterval: pollInterval,
  });
}

/** Everything about one execution; a final one is not polled. */
export function executionQuery(executionId: string) {
  return queryOptions({
    queryKey: executionKey(executionId),
    queryFn: async ({ signal }) => {
      const execution = await fetchJson<ExecutionDetail>(`/api/executions/${executionId}`, signal);
      noteServerTime(execution.now);
      return execution;
    },
    refetchInterval: ({ state }) =>
      state.data && isFinal(state.data.status) ? false : pollInterval(),
  });
}

export function useCancelExecution() {
  return useExecutionMutation(cancelExecutionAction);
}

export function useRetryExecution() {
  return useExecutionMutation(retryExecutionAction);
}

export function usePauseExecution() {
  return useExecutionMutation(pauseExecutionAction);
}

export function useResumeExecution() {
  return useExecutionMutation(resumeExecutionAction);
}

function useExecutionMutation<I, T>(action: (input: I) => Promise<ActionResult<T>>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callAction(action, input),
    networkMode: "always",
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["executions"] });
      void client.invalidateQueries({ queryKey: ["runs"] });
    },
  });
}
