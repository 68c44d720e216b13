import { upstreamOf } from "@/lib/domain/graph";
import { type GraphDraft, toGraphNodes } from "./graph-draft";

/** What of a graph is started: all of it, the selected tasks alone, or these with all they wait for. */
export type RunScope = "all" | "selected" | "upTo";

/** The tasks to start, in the order of the graph; undefined means all. */
export function tasksToRun(
  draft: GraphDraft,
  { scope, selected }: { scope: RunScope; selected: ReadonlySet<string> },
): string[] | undefined {
  if (scope === "all") return undefined;
  const wanted = new Set(selected);
  if (scope === "upTo")
    for (const taskId of upstreamOf(toGraphNodes(draft), [...selected])) wanted.add(taskId);
  return draft.nodes.map(({ taskId }) => taskId).filter((taskId) => wanted.has(taskId));
}
