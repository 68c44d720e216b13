import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteProjectAction, saveProjectAction } from "@/lib/actions/projects";
import type { ProjectDetail, ProjectSummary } from "@/lib/domain/views";
import { callAction } from "./call-action";
import { fetchJson } from "./fetch-json";

/** All projects with their counts. */
export function projectsQuery() {
  return queryOptions({
    queryKey: ["projects", "list"],
    queryFn: ({ signal }) => fetchJson<ProjectSummary[]>("/api/projects", signal),
  });
}

/** A project with its tasks and graphs. */
export function projectQuery(projectId: string) {
  return queryOptions({
    queryKey: ["projects", projectId],
    queryFn: ({ signal }) => fetchJson<ProjectDetail>(`/api/projects/${projectId}`, signal),
  });
}

/** Creates a project, or renames one when `projectId` is given. */
export function useSaveProject() {
  return useProjectMutation(saveProjectAction);
}

export function useDeleteProject() {
  return useProjectMutation(deleteProjectAction);
}

function useProjectMutation<I, T>(action: Parameters<typeof callAction<I, T>>[0]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callAction(action, input),
    networkMode: "always",
    onSettled: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
}
