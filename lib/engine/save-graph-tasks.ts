import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { toTaskRow } from "@/lib/db/task-row";
import { EngineError } from "@/lib/domain/errors";
import type { TaskFields } from "@/lib/domain/task-fields";
import { notFound } from "./not-found";
import { asRecordset } from "./transaction";

type Node = { taskId: string; taskVersion: number; task: TaskFields };

/** A drawn task beside the stored one of the same id. */
type Stored = {
  id: string;
  version: number;
  name: string;
  /** The text of the time of its latest change. */
  updated_at: string;
  is_own: boolean;
  is_same: boolean;
};

/** Columns of a task's fields and the types in which a drawing hands them over. */
const COLUMNS = {
  key: "text",
  name: "text",
  description: "text",
  priority: "smallint",
  workflow_type: "workflow_type",
  workflow_params: "jsonb",
  retry_strategy: "retry_strategy",
  max_retries: "int",
  retry_delay_seconds: "int",
  max_retry_delay_seconds: "int",
  retry_jitter: "boolean",
  retry_on_exit_codes: "int[]",
  retry_permanent_errors: "boolean",
  timeout_seconds: "int",
  metadata: "jsonb",
} as const;

const names = Object.keys(COLUMNS);
const columnList = sql.raw(names.join(", "));

/**
 * Stores the tasks of a drawing: new ones are added, changed ones become their next version, equal ones stay untouched.
 * Returns the version of each by id.
 */
export async function saveGraphTasks(
  tx: Db,
  { projectId, nodes }: { projectId: string; nodes: readonly Node[] },
): Promise<Record<string, number>> {
  const stored = await lockTasks(tx, projectId, nodes);
  for (const node of nodes) requireUnchanged(node, stored.get(node.taskId));
  await requireFreeKeys(tx, projectId, nodes);
  const added = nodes.filter(({ taskId }) => !stored.has(taskId));
  const changed = nodes.filter(({ taskId }) => stored.get(taskId)?.is_same === false);
  await updateTasks(tx, changed);
  await insertTasks(tx, projectId, added);
  const versionOf = (known: Stored | undefined) =>
    known ? known.version + (known.is_same ? 0 : 1) : 1;
  return Object.fromEntries(nodes.map(({ taskId }) => [taskId, versionOf(stored.get(taskId))]));
}

async function lockTasks(
  tx: Db,
  projectId: string,
  nodes: readonly Node[],
): Promise<Map<string, Stored>> {
  const fields = (alias: string) => sql.raw(names.map((name) => `${alias}.${name}`).join(", "));
  // In id order, so that two graphs with the same tasks cannot block each other.
  const rows = await tx.execute<Stored>(sql`
    select t.id, t.version, t.name, t.updated_at, t.project_id = ${projectId} as is_own,
      (${fields("t")}) is not distinct from (${fields("n")}) as is_same
    from ${drawn(nodes)} join tasks t on t.id = n.id
    order by t.id for update of t`);
  return new Map(rows.map((row) => [row.id, row]));
}

function requireUnchanged({ taskId, taskVersion, task }: Node, stored: Stored | undefined): void {
  // Another project's task is refused in the words for one that does not exist.
  if (stored ? !stored.is_own : taskVersion > 0) throw notFound("task", taskId);
  if (!stored || stored.is_same || stored.version === taskVersion) return;
  const at = new Date(stored.updated_at).toISOString();
  const known = stored.name === task.name ? "" : ` (now "${stored.name}")`;
  throw new EngineError(
    "version_conflict",
    `The task "${task.name}"${known} was changed meanwhile: version ${stored.version} was saved at ${at}. Nothing was stored; reload the graph and make your change again.`,
  );
}

async function requireFreeKeys(tx: Db, projectId: string, nodes: readonly Node[]): Promise<void> {
  const keys = asRecordset(nodes.map(({ taskId, task }) => ({ id: taskId, key: task.key })));
  const [taken] = await tx.execute<{ key: string; name: string }>(sql`
    with n as materialized (select * from jsonb_to_recordset(${keys}) as n (id uuid, key text))
    select t.key, t.name from n join tasks t on t.project_id = ${projectId} and t.key = n.key
    where t.id not in (select id from n)
    order by t.key limit 1`);
  if (!taken) return;
  throw new EngineError(
    "conflict",
    `The project already has a task with the key "${taken.key}", "${taken.name}"; choose another key, or add that task to the graph.`,
  );
}

async function updateTasks(tx: Db, nodes: readonly Node[]): Promise<void> {
  if (nodes.length === 0) return;
  // Two tasks may have exchanged their keys, and a unique constraint looks at each row as it is written.
  await tx.execute(sql`
    update tasks t set key = t.id::text from ${drawn(nodes)} where t.id = n.id and t.key <> n.key`);
  const assignments = sql.raw(names.map((name) => `${name} = n.${name}`).join(", "));
  await tx.execute(sql`
    update tasks t set ${assignments}, version = t.version + 1, updated_at = now()
    from ${drawn(nodes)} where t.id = n.id`);
}

async function insertTasks(tx: Db, projectId: string, nodes: readonly Node[]): Promise<void> {
  if (nodes.length === 0) return;
  await tx.execute(sql`
    insert into tasks (id, project_id, ${columnList})
    select n.id, ${projectId}, ${columnList} from ${drawn(nodes)}`);
}

/** Drawn tasks as the table `n`. */
function drawn(nodes: readonly Node[]): SQL {
  const rows = nodes.map(({ taskId, task }) => {
    const fields = Object.entries(toTaskRow(task)).map(([name, value]) => [snakeCase(name), value]);
    return { id: taskId, ...Object.fromEntries(fields) };
  });
  const types = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
  return sql`jsonb_to_recordset(${asRecordset(rows)}) as n (id uuid, ${sql.raw(types.join(", "))})`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
