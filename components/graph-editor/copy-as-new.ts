import type { SaveGraphInput } from "@/lib/domain/inputs";
import { pasteTasks } from "./clipboard";
import type { GraphDraft } from "./graph-draft";
import { toSaveInput } from "./save-input";

/** The whole drawing with tasks of its own, as the first save of a graph that was just created. */
export function copyAsNew(
  draft: GraphDraft,
  {
    graphId,
    takenKeys,
    newId,
  }: { graphId: string; takenKeys: ReadonlySet<string>; newId: () => string },
): SaveGraphInput {
  const at = {
    x: Math.min(...draft.nodes.map(({ x }) => x)),
    y: Math.min(...draft.nodes.map(({ y }) => y)),
  };
  const copied =
    draft.nodes.length > 0
      ? pasteTasks(draft, { takenKeys, at, newId })
      : { nodes: [], dependencies: [] };
  return toSaveInput(graphId, { ...draft, ...copied }, { version: 1, tasks: {} });
}
