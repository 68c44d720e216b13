import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { createPoolAction, deletePoolAction, updatePoolAction } from "@/lib/actions/pools";
import type { PoolSummary } from "@/lib/domain/views";
import { callAction } from "./call-action";
import { fetchJson } from "./fetch-json";
import { pollInterval } from "./polling";

/** The pools of a project, with what runs and waits in them. */
export function poolsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["projects", projectId, "pools"],
    queryFn: ({ signal }) => fetchJson<PoolSummary[]>(`/api/projects/${projectId}/pools`, signal),
    refetchInterval: pollInterval,
  });
}

export function useCreatePool() {
  return usePoolMutation(createPoolAction);
}

export function useUpdatePool() {
  return usePoolMutation(updatePoolAction);
}

export function useDeletePool() {
  return usePoolMutation(deletePoolAction);
}

function usePoolMutation<I, T>(action: Parameters<typeof callAction<I, T>>[0]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callAction(action, input),
    networkMode: "always",
    onSettled: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
}
