"use client";

import { useQuery } from "@tanstack/react-query";
import { Callout } from "@/components/ui/callout";
import { projectQuery } from "@/lib/client/projects";
import { useEditor } from "./editor-context";

/** A task that other graphs hold as well is changed there too, which one must know before typing. */
export function SharedTaskNote({ taskId }: { taskId: string }) {
  const { projectId, graphId } = useEditor();
  const { data: project } = useQuery(projectQuery(projectId));
  const task = project?.tasks.find((each) => each.taskId === taskId);
  const others = task?.graphs.filter((graph) => graph.graphId !== graphId) ?? [];
  if (others.length === 0) return null;
  const names = others.slice(0, 3).map(({ name }) => `“${name}”`);
  const more = others.length > names.length ? ` and ${others.length - names.length} more` : "";
  return (
    <Callout>{`Changes reach ${names.join(", ")}${more} as well, which hold this task too.`}</Callout>
  );
}
