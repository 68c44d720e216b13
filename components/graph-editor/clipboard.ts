import * as z from "zod";
import type { Point } from "@/components/canvas/layered-layout";
import type { DraftDependency, DraftNode, GraphDraft } from "./graph-draft";
import { taskDraftSchema } from "./task-draft";
import { uniqueKey } from "./unique-key";

const clipboardSchema = z.object({
  dagline: z.literal("tasks"),
  nodes: z
    .array(z.object({ taskId: z.string(), x: z.number(), y: z.number(), task: taskDraftSchema }))
    .min(1)
    .max(1_000),
  dependencies: z.array(z.object({ taskId: z.string(), dependsOnTaskId: z.string() })),
});

export type Copied = { nodes: readonly DraftNode[]; dependencies: readonly DraftDependency[] };

/** The chosen tasks and the dependencies among them. */
export function copyTasks(draft: GraphDraft, taskIds: ReadonlySet<string>): Copied {
  return {
    nodes: draft.nodes.filter(({ taskId }) => taskIds.has(taskId)),
    dependencies: draft.dependencies.filter(
      (each) => taskIds.has(each.taskId) && taskIds.has(each.dependsOnTaskId),
    ),
  };
}

/** Text for the clipboard, which another graph, tab or editor can read. */
export function writeClipboard(copied: Copied): string {
  return JSON.stringify({ dagline: "tasks", ...copied }, null, 2);
}

/** What was copied, or null when the text is anything else. */
export function readClipboard(text: string): Copied | null {
  if (!text.includes('"dagline"')) return null;
  try {
    return clipboardSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Copies with ids of their own and keys that are free. References among the copied tasks follow the new keys; `at` is
 * where the upper left corner comes to lie.
 */
export function pasteTasks(
  copied: Copied,
  { takenKeys, at, newId }: { takenKeys: ReadonlySet<string>; at: Point; newId: () => string },
): Copied {
  const ids = new Map(copied.nodes.map(({ taskId }) => [taskId, newId()]));
  const keys = freeKeys(copied.nodes, takenKeys);
  const left = Math.min(...copied.nodes.map(({ x }) => x));
  const top = Math.min(...copied.nodes.map(({ y }) => y));
  const nodes = copied.nodes.map(({ taskId, x, y, task }) => ({
    taskId: ids.get(taskId) ?? newId(),
    x: x - left + at.x,
    y: y - top + at.y,
    task: { ...followKeys(task, keys), key: keys.get(task.key) ?? task.key },
  }));
  const dependencies = copied.dependencies.flatMap((each) => {
    const [taskId, dependsOnTaskId] = [ids.get(each.taskId), ids.get(each.dependsOnTaskId)];
    return taskId && dependsOnTaskId ? [{ taskId, dependsOnTaskId }] : [];
  });
  return { nodes, dependencies };
}

function freeKeys(
  nodes: readonly DraftNode[],
  takenKeys: ReadonlySet<string>,
): Map<string, string> {
  const taken = new Set(takenKeys);
  const keys = new Map<string, string>();
  for (const { task } of nodes) {
    const key = uniqueKey(task.key, taken);
    taken.add(key);
    keys.set(task.key, key);
  }
  return keys;
}

/** Puts the new keys into every `${tasks.<key>.outputs.…}` of the task. */
function followKeys(task: DraftNode["task"], keys: ReadonlyMap<string, string>): DraftNode["task"] {
  const rename = (text: string) =>
    text.replace(
      /(\$\{tasks\.)([A-Za-z0-9][A-Za-z0-9_.-]*?)(\.outputs\.)/g,
      (_, before: string, key: string, after: string) => `${before}${keys.get(key) ?? key}${after}`,
    );
  const renameEntries = (entries: DraftNode["task"]["env"]) =>
    entries.map(({ key, value }) => ({ key, value: rename(value) }));
  return {
    ...task,
    command: task.command.map(rename),
    env: renameEntries(task.env),
    inputs: renameEntries(task.inputs),
    steps: task.steps.map((step) => ({
      ...step,
      command: step.command.map(rename),
      env: renameEntries(step.env),
    })),
  };
}
