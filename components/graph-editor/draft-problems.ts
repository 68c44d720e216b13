import { upstreamOf } from "@/lib/domain/graph";
import { referencedTasks } from "@/lib/domain/references";
import { descriptionSchema, nameSchema } from "@/lib/domain/text";
import { type DraftNode, type GraphDraft, toGraphNodes } from "./graph-draft";
import type { TaskDraft } from "./task-draft";
import { findTaskProblems } from "./task-problems";

/** What is known of the project's stored tasks. */
export type ProjectTask = { taskId: string; key: string; name: string };

/** `taskId` null concerns the graph itself. Errors keep it from being saved; warnings from running well. */
export type DraftProblem = {
  taskId: string | null;
  path: string;
  message: string;
  severity: "error" | "warning";
};

/** What is known of the project; the names of its pools are null until they are. */
export type ProjectFacts = { tasks: readonly ProjectTask[]; pools: ReadonlySet<string> | null };

/** All that is wrong with the draft, in the order of its tasks; a key may belong to another task of the project. */
export function findDraftProblems(draft: GraphDraft, project: ProjectFacts): DraftProblem[] {
  const uses = countKeys(draft);
  const otherKeys = keysOutside(draft, project.tasks);
  return [
    ...graphProblems(draft),
    ...draft.nodes.flatMap((node) => [
      ...findTaskProblems(node.task).map((problem) => error(node.taskId, problem)),
      ...keyProblems(node, uses, otherKeys),
      ...poolProblems(node, project.pools),
    ]),
    ...referenceProblems(draft),
  ];
}

/** The keys of tasks that the graph does not hold, with their names. */
function keysOutside(
  { nodes }: GraphDraft,
  projectTasks: readonly ProjectTask[],
): Map<string, string> {
  const inside = new Set(nodes.map(({ taskId }) => taskId));
  const outside = projectTasks.filter(({ taskId }) => !inside.has(taskId));
  return new Map(outside.map(({ key, name }) => [key, name]));
}

function error(taskId: string | null, problem: { path: string; message: string }): DraftProblem {
  return { taskId, severity: "error", ...problem };
}

function graphProblems({ name, description }: GraphDraft): DraftProblem[] {
  const fields = [
    ["name", nameSchema.safeParse(name)],
    ["description", descriptionSchema.safeParse(description)],
  ] as const;
  return fields.flatMap(([path, { error: refused }]) =>
    refused ? [error(null, { path, message: refused.issues[0]?.message ?? "Not possible." })] : [],
  );
}

function countKeys({ nodes }: GraphDraft): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { task } of nodes) uses.set(task.key, (uses.get(task.key) ?? 0) + 1);
  return uses;
}

function keyProblems(
  { taskId, task }: DraftNode,
  uses: ReadonlyMap<string, number>,
  otherKeys: ReadonlyMap<string, string>,
): DraftProblem[] {
  if ((uses.get(task.key) ?? 0) > 1)
    return [error(taskId, { path: "key", message: "Another task of this graph has this key." })];
  const other = otherKeys.get(task.key);
  if (other === undefined) return [];
  const message = `The project's task “${other}” has this key. Choose another, or add that task.`;
  return [error(taskId, { path: "key", message })];
}

/** A task that was pasted may name a pool of the project it comes from. */
function poolProblems({ taskId, task }: DraftNode, pools: ProjectFacts["pools"]): DraftProblem[] {
  if (pools === null || task.pool === "" || pools.has(task.pool)) return [];
  const message = `The project has no pool named “${task.pool}”.`;
  return [error(taskId, { path: "pool", message })];
}

function referenceProblems(draft: GraphDraft): DraftProblem[] {
  const referring = draft.nodes.filter(({ task }) => referencesOf(task).length > 0);
  if (referring.length === 0) return [];
  const graph = toGraphNodes(draft);
  const byKey = new Map(draft.nodes.map(({ taskId, task }) => [task.key, taskId]));
  return referring.flatMap(({ taskId, task }) => {
    const upstream = upstreamOf(graph, [taskId]);
    return referencesOf(task).flatMap((key): DraftProblem[] => {
      const id = byKey.get(key);
      if (id !== undefined && upstream.has(id)) return [];
      const message =
        id === undefined
          ? `It uses outputs of “${key}”, which is not in this graph.`
          : `It uses outputs of “${key}”, but does not wait for it.`;
      return [{ taskId, path: "references", message, severity: "warning" }];
    });
  });
}

const known = new WeakMap<TaskDraft, readonly string[]>();

/** Keys of tasks whose outputs this one uses. */
function referencesOf(task: TaskDraft): readonly string[] {
  const before = known.get(task);
  if (before) return before;
  const texts = [
    ...task.command,
    ...[...task.env, ...task.inputs].map(({ value }) => value),
    ...task.steps.flatMap((step) => [...step.command, ...step.env.map(({ value }) => value)]),
  ];
  const used = texts.filter((text) => text.includes("${tasks.")).flatMap(referencedTasks);
  const keys = [...new Set(used)];
  known.set(task, keys);
  return keys;
}
