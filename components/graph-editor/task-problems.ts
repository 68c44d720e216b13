import type * as z from "zod";
import { formatPath } from "@/lib/domain/parse-input";
import { taskFieldsSchema } from "@/lib/domain/task-fields";
import { workflowSchema } from "@/lib/domain/workflow";
import type { TaskDraft } from "./task-draft";
import { filledEntries, toTaskInput } from "./task-input";

/** Something wrong with one field, named by its path in the schema ("workflowParams.command[0]"). */
export type FieldProblem = { path: string; message: string };

const known = new WeakMap<TaskDraft, readonly FieldProblem[]>();

/** Everything the server would refuse in this task, found by the server's own schema, and names given twice. */
export function findTaskProblems(task: TaskDraft): readonly FieldProblem[] {
  // Drafts are never changed in place, so each is judged once however often it is asked for.
  const before = known.get(task);
  if (before) return before;
  const problems = [...findRefusals(task), ...findDoubledNames(task)];
  known.set(task, problems);
  return problems;
}

function findRefusals(task: TaskDraft): FieldProblem[] {
  const input = toTaskInput(task);
  const { error } = taskFieldsSchema.safeParse(input);
  if (!error) return [];
  const problems = error.issues.map(toProblem);
  if (problems.some(({ path }) => path.startsWith("workflowParams"))) return problems;
  // The schema looks at the params last, and not at all while something else is wrong; a form shows everything at once.
  const { workflowType, workflowParams } = input;
  const workflow = workflowSchema.safeParse({ workflowType, workflowParams });
  return [...problems, ...(workflow.error?.issues.map(toProblem) ?? [])];
}

function toProblem(issue: z.core.$ZodIssue): FieldProblem {
  // What is wrong with a name of a record stands one level deeper.
  const inner = issue.code === "invalid_key" ? issue.issues[0] : undefined;
  return { path: formatPath(issue.path), message: inner?.message ?? issue.message };
}

/** Rows become one record, so the schema never sees that a name was given twice. */
function findDoubledNames(task: TaskDraft): FieldProblem[] {
  const lists: [string, TaskDraft["env"]][] = [
    ["workflowParams.env", task.env],
    ["workflowParams.inputs", task.inputs],
    ["workflowParams.secrets", task.secrets],
  ];
  if (task.workflowType === "dagger_pipeline")
    task.steps.forEach(({ env }, i) => {
      lists.push([`workflowParams.steps[${i}].env`, env]);
    });
  return lists.flatMap(([path, entries]) => doubled(path, entries));
}

function doubled(path: string, entries: TaskDraft["env"]): FieldProblem[] {
  const names = filledEntries(entries).map(({ key }) => key.trim());
  const twice = names.filter((name, i) => name !== "" && names.indexOf(name) < i);
  return [...new Set(twice)].map((name) => ({
    path: `${path}.${name}`,
    message: `The name ${name} is given twice.`,
  }));
}

/** What is wrong with exactly this field. */
export function problemAt(problems: readonly FieldProblem[], path: string): string | undefined {
  return problems.find((problem) => problem.path === path)?.message;
}

/** What is wrong within a list, by place: "workflowParams.command[2]" belongs to 2. */
export function itemProblems(
  problems: readonly FieldProblem[],
  path: string,
): Record<number, string> {
  const found: Record<number, string> = {};
  for (const problem of problems) {
    if (!problem.path.startsWith(`${path}[`)) continue;
    const place = Number.parseInt(problem.path.slice(path.length + 1), 10);
    found[place] ??= problem.message;
  }
  return found;
}

/** What is wrong with rows of names and values, by place: the schema names the row by its name. */
export function entryProblems(
  problems: readonly FieldProblem[],
  path: string,
  entries: TaskDraft["env"],
): Record<number, string> {
  const found: Record<number, string> = {};
  for (const problem of problems) {
    if (!problem.path.startsWith(`${path}.`)) continue;
    const name = problem.path.slice(path.length + 1);
    const place = entries.findLastIndex(({ key }) => key.trim() === name);
    if (place >= 0) found[place] ??= problem.message;
  }
  return found;
}
