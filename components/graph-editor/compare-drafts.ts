import { FIELD_WORDS } from "./field-words";
import type { GraphDraft } from "./graph-draft";
import type { TaskDraft } from "./task-draft";
import { edgeIdOf } from "./to-flow";

/** What happened to one task, or to the graph itself (`taskId` null), as a list of plain words. */
export type Change = { taskId: string | null; name: string; what: string[] };

/** What was changed from one state of a graph to another, task by task; empty when nothing was. */
export function compareDrafts(before: GraphDraft, after: GraphDraft): Change[] {
  const old = new Map(before.nodes.map((node) => [node.taskId, node]));
  const left = new Set(after.nodes.map(({ taskId }) => taskId));
  const dependencies = compareDependencies(before, after);
  const kept = after.nodes.map((node): Change => {
    const was = old.get(node.taskId);
    const own = was ? [...changedFields(was.task, node.task), ...moved(was, node)] : ["added"];
    return {
      taskId: node.taskId,
      name: node.task.name,
      what: [...own, ...(dependencies.get(node.taskId) ?? [])],
    };
  });
  const removed = before.nodes
    .filter(({ taskId }) => !left.has(taskId))
    .map(({ taskId, task }): Change => ({ taskId, name: task.name, what: ["removed"] }));
  return [...graphChange(before, after), ...removed, ...kept].filter(({ what }) => what.length > 0);
}

function graphChange(before: GraphDraft, after: GraphDraft): Change[] {
  const what = (["name", "description"] as const).filter((field) => before[field] !== after[field]);
  return [{ taskId: null, name: "The graph itself", what }];
}

function changedFields(before: TaskDraft, after: TaskDraft): string[] {
  if (before === after) return [];
  const fields = Object.keys(FIELD_WORDS) as (keyof TaskDraft)[]; // The keys of a record of exactly these.
  const changed = fields.filter((field) => !isEqual(before[field], after[field]));
  return [...new Set(changed.map((field) => FIELD_WORDS[field]))];
}

function moved(before: { x: number; y: number }, after: { x: number; y: number }): string[] {
  return before.x === after.x && before.y === after.y ? [] : ["moved"];
}

/** Per task that waits: what it waits for since, and no longer. */
function compareDependencies(before: GraphDraft, after: GraphDraft): Map<string, string[]> {
  const names = new Map(
    [...before.nodes, ...after.nodes].map(({ taskId, task }) => [taskId, task.name]),
  );
  const old = new Set(before.dependencies.map(edgeIdOf));
  const now = new Set(after.dependencies.map(edgeIdOf));
  const changes = new Map<string, string[]>();
  function add(taskId: string, words: string): void {
    changes.set(taskId, [...(changes.get(taskId) ?? []), words]);
  }
  for (const each of after.dependencies)
    if (!old.has(edgeIdOf(each))) add(each.taskId, `waits for ${names.get(each.dependsOnTaskId)}`);
  for (const each of before.dependencies)
    if (!now.has(edgeIdOf(each)))
      add(each.taskId, `no longer waits for ${names.get(each.dependsOnTaskId)}`);
  return changes;
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
