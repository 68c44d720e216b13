import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteTaskAction } from "@/lib/actions/tasks";
import type { TaskDetail } from "@/lib/domain/views";
import { callAction } from "./call-action";
import { fetchJson } from "./fetch-json";

/** A task with all its fields and the version a change of it must name. */
export function taskQuery(taskId: string) {
  return queryOptions({
    queryKey: ["tasks", taskId],
    queryFn: ({ signal }) => fetchJson<TaskDetail>(`/api/tasks/${taskId}`, signal),
  });
}

export function useDeleteTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { taskId: string }) => callAction(deleteTaskAction, input),
    networkMode: "always",
    onSettled: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
}
