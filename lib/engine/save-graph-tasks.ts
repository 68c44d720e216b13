import { isDeepStrictEqual } from "node:util";
import { asc, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { pools, tasks } from "@/lib/db/schema/projects";
import { toTaskFields, toTaskRow } from "@/lib/db/task-row";
import { EngineError } from "@/lib/domain/errors";
import type { TaskFields } from "@/lib/domain/task-fields";
import { findPools } from "./find-pools";
import { notFound } from "./not-found";
import { asRecordset } from "./transaction";

type Node = { taskId: string; taskVersion: number; task: TaskFields };

type Stored = typeof tasks.$inferSelect & { pool: string | null };
type PoolIdOf = Awaited<ReturnType<typeof findPools>>;

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
  pool_id: "uuid",
  pool_key: "text",
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
  const stored = await lockTasks(tx, nodes);
  const changed = nodes.filter(({ taskId, task }) => {
    const row = stored.get(taskId);
    return row !== undefined && !isSame(row, task);
  });
  for (const node of nodes) requireOwn(node, projectId, stored.get(node.taskId));
  for (const node of changed) requireUnchanged(node, stored.get(node.taskId));
  const added = nodes.filter(({ taskId }) => !stored.has(taskId));
  await requireFreeKeys(tx, { projectId, nodes, written: [...changed, ...added] });
  const named = nodes.map(({ task: { pool } }, i) => ({ pool, path: `nodes[${i}].task.pool` }));
  const poolIdOf = await findPools(tx, { projectId, named });
  await freeKeys(
    tx,
    changed.filter(({ taskId, task }) => stored.get(taskId)?.key !== task.key),
  );
  await updateTasks(tx, changed, poolIdOf);
  await insertTasks(tx, { projectId, nodes: added, poolIdOf });
  const isRaised = new Set(changed);
  return Object.fromEntries(
    nodes.map((node) => {
      const version = stored.get(node.taskId)?.version ?? 1;
      return [node.taskId, isRaised.has(node) ? version + 1 : version];
    }),
  );
}

/** In id order, so that two graphs with the same tasks cannot block each other. */
async function lockTasks(tx: Db, nodes: readonly Node[]): Promise<Map<string, Stored>> {
  const ids = asRecordset(nodes.map(({ taskId }) => ({ id: taskId })));
  const rows = await tx
    .select({ task: tasks, pool: pools.name })
    .from(tasks)
    .leftJoin(pools, eq(pools.id, tasks.poolId))
    .where(sql`${tasks.id} in (select n.id from jsonb_to_recordset(${ids}) as n (id uuid))`)
    .orderBy(asc(tasks.id))
    .for("update", { of: tasks });
  return new Map(rows.map(({ task, pool }) => [task.id, { ...task, pool }]));
}

function isSame(row: Stored, task: TaskFields): boolean {
  // What is stored has passed through JSON, which knows no -0 and no prototypes.
  return isDeepStrictEqual(toTaskFields(row, row.pool), JSON.parse(JSON.stringify(task)));
}

/** Another project's task is refused in the words for one that does not exist. */
function requireOwn(node: Node, projectId: string, stored: Stored | undefined): void {
  const isKnown = stored ? stored.projectId === projectId : node.taskVersion === 0;
  if (!isKnown) throw notFound("task", node.taskId);
}

function requireUnchanged({ taskVersion, task }: Node, stored: Stored | undefined): void {
  if (!stored || stored.version === taskVersion) return;
  const at = stored.updatedAt.toISOString();
  const known = stored.name === task.name ? "" : ` (now "${stored.name}")`;
  throw new EngineError(
    "version_conflict",
    `The task "${task.name}"${known} was changed meanwhile: version ${stored.version} was saved at ${at}. Nothing was stored; reload the graph and make your change again.`,
  );
}

async function requireFreeKeys(
  tx: Db,
  input: { projectId: string; nodes: readonly Node[]; written: readonly Node[] },
): Promise<void> {
  const { projectId, nodes, written } = input;
  const drawnIds = asRecordset(nodes.map(({ taskId }) => ({ id: taskId })));
  const keys = asRecordset(written.map(({ task }) => ({ key: task.key })));
  const [taken] = await tx.execute<{ key: string; name: string }>(sql`
    select t.key, t.name
    from jsonb_to_recordset(${keys}) as n (key text) join tasks t on t.project_id = ${projectId} and t.key = n.key
    where t.id not in (select d.id from jsonb_to_recordset(${drawnIds}) as d (id uuid))
    order by t.key limit 1`);
  if (!taken) return;
  throw new EngineError(
    "conflict",
    `The project already has a task with the key "${taken.key}", "${taken.name}"; choose another key, or add that task to the graph.`,
  );
}

/** Two tasks may have exchanged their keys, and a unique constraint looks at each row as it is written. */
async function freeKeys(tx: Db, nodes: readonly Node[]): Promise<void> {
  if (nodes.length === 0) return;
  const ids = asRecordset(nodes.map(({ taskId }) => ({ id: taskId })));
  await tx.execute(sql`
    update tasks t set key = t.id::text from jsonb_to_recordset(${ids}) as n (id uuid) where t.id = n.id`);
}

async function updateTasks(tx: Db, nodes: readonly Node[], poolIdOf: PoolIdOf): Promise<void> {
  if (nodes.length === 0) return;
  const assignments = sql.raw(names.map((name) => `${name} = n.${name}`).join(", "));
  await tx.execute(sql`
    update tasks t set ${assignments}, version = t.version + 1, updated_at = now()
    from ${drawn(nodes, poolIdOf)} where t.id = n.id`);
}

async function insertTasks(
  tx: Db,
  input: { projectId: string; nodes: readonly Node[]; poolIdOf: PoolIdOf },
): Promise<void> {
  const { projectId, nodes, poolIdOf } = input;
  if (nodes.length === 0) return;
  await tx.execute(sql`
    insert into tasks (id, project_id, ${columnList})
    select n.id, ${projectId}, ${columnList} from ${drawn(nodes, poolIdOf)}`);
}

/** Drawn tasks as the table `n`. */
function drawn(nodes: readonly Node[], poolIdOf: PoolIdOf): SQL {
  const rows = nodes.map(({ taskId, task }) => {
    const columns = Object.entries(toTaskRow(task, poolIdOf(task.pool)));
    const fields = columns.map(([name, value]) => [snakeCase(name), value]);
    return { id: taskId, ...Object.fromEntries(fields) };
  });
  const types = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
  return sql`jsonb_to_recordset(${asRecordset(rows)}) as n (id uuid, ${sql.raw(types.join(", "))})`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
