import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { createGraphAction, deleteGraphAction, saveGraphAction } from "@/lib/actions/graphs";
import type { GraphDetail } from "@/lib/domain/views";
import { callAction } from "./call-action";
import { fetchJson } from "./fetch-json";

/** A graph as the editor opens it. The editor works on a draft of its own, so it is not polled. */
export function graphQuery(graphId: string) {
  return queryOptions({
    queryKey: ["graphs", graphId],
    queryFn: ({ signal }) => fetchJson<GraphDetail>(`/api/graphs/${graphId}`, signal),
  });
}

export function useCreateGraph() {
  return useGraphMutation(createGraphAction);
}

export function useSaveGraph() {
  return useGraphMutation(saveGraphAction);
}

export function useDeleteGraph() {
  return useGraphMutation(deleteGraphAction);
}

function useGraphMutation<I, T>(action: Parameters<typeof callAction<I, T>>[0]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callAction(action, input),
    networkMode: "always",
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["graphs"] });
      void client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
}
