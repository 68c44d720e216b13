import { createHash } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { runs } from "@/lib/db/schema/executions";
import type { RunSource } from "@/lib/db/stored-types";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { requireValidGraph } from "@/lib/domain/graph";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { findRunTasks, type RunTask } from "./find-run-tasks";
import { asRecordset } from "./transaction";

/** One execution to be: a task, its place, what it waits for (keys) and what differs from the task. */
type RunNode = {
  key: string;
  taskId: string;
  dependsOn: readonly string[];
  overrides: ExecutionOverrides;
  x?: number | null;
  y?: number | null;
};

export type NewRun = {
  projectId: string;
  source: RunSource;
  name: string;
  graphId?: string;
  graphVersion?: number;
  nodes: readonly RunNode[];
  scheduledAt?: Date;
  idempotencyKey?: string;
  /** What was asked for, to tell a repeated request from another one under the same key. */
  request: object;
  actor: Actor;
};

export type CreatedRun = {
  runId: string;
  /** False when the idempotency key had made this run before. */
  created: boolean;
  executions: {
    executionId: string;
    taskId: string | null;
    taskKey: string;
    status: ExecutionStatus;
  }[];
  /** Task keys in an order in which they can run. */
  order: string[];
};

/**
 * Writes a run with all its executions and dependencies, all or nothing, within the caller's transaction. Definitions are
 * copied from the tasks in the database, so the run never changes when a task does. Throws an EngineError for a graph that
 * cannot run and for an idempotency key that belongs to another request.
 */
export async function createRun(tx: Db, run: NewRun): Promise<CreatedRun> {
  const order = requireValidGraph(run.nodes);
  const requestHash = hashRequest(run);
  const earlier = await findByKey(tx, run, requestHash);
  if (earlier) return { ...earlier, order };

  const tasks = await findRunTasks(tx, run);
  const runId = uuidv7();
  const inserted = await insertRun(tx, { run, runId, requestHash });
  if (!inserted) {
    // Another request with the same key has just committed.
    const winner = await findByKey(tx, run, requestHash);
    if (winner) return { ...winner, order };
    throw new Error(`Run with idempotency key of project ${run.projectId} vanished.`);
  }
  const executions = await insertExecutions(tx, { run, runId, order, tasks });
  return { runId, created: true, executions, order };
}

/** An input without the parts that may differ when the same request is sent again. */
export function requestOf<T extends { actor: Actor; idempotencyKey?: string | undefined }>(
  input: T,
) {
  const { actor: _actor, idempotencyKey: _key, ...request } = input;
  return request;
}

function hashRequest({ idempotencyKey, request }: NewRun): string | null {
  if (idempotencyKey === undefined) return null;
  return createHash("sha256").update(JSON.stringify(request)).digest("hex");
}

async function findByKey(tx: Db, run: NewRun, requestHash: string | null) {
  if (run.idempotencyKey === undefined) return null;
  const [found] = await tx
    .select({ runId: runs.id, requestHash: runs.requestHash })
    .from(runs)
    .where(and(eq(runs.projectId, run.projectId), eq(runs.idempotencyKey, run.idempotencyKey)));
  if (!found) return null;
  if (found.requestHash !== requestHash)
    throw new EngineError(
      "idempotency_conflict",
      `The idempotency key belongs to run ${found.runId}, which was asked for differently.`,
    );
  const executions = await tx.execute<CreatedRun["executions"][number]>(sql`
    select id as "executionId", task_id as "taskId", task_key as "taskKey", status
    from executions where run_id = ${found.runId} order by id`);
  return { runId: found.runId, created: false, executions: [...executions] };
}

async function insertRun(
  tx: Db,
  input: { run: NewRun; runId: string; requestHash: string | null },
): Promise<boolean> {
  const { run, runId, requestHash } = input;
  const rows = await tx
    .insert(runs)
    .values({
      id: runId,
      projectId: run.projectId,
      graphId: run.graphId,
      graphVersion: run.graphVersion,
      source: run.source,
      name: run.name,
      status: "SCHEDULED",
      totalCount: run.nodes.length,
      idempotencyKey: run.idempotencyKey,
      requestHash,
      createdBy: run.actor.id,
    })
    .onConflictDoNothing({ target: [runs.projectId, runs.idempotencyKey] })
    .returning({ id: runs.id });
  return rows.length === 1;
}

async function insertExecutions(
  tx: Db,
  input: { run: NewRun; runId: string; order: string[]; tasks: Map<string, RunTask> },
): Promise<CreatedRun["executions"]> {
  const { run, runId, order, tasks } = input;
  const ids = new Map(order.map((key) => [key, uuidv7()]));
  const byKey = new Map(run.nodes.map((node) => [node.key, node]));
  const nodes = order.flatMap((key) => byKey.get(key) ?? []);
  const rows = nodes.map((node) => ({
    id: ids.get(node.key),
    key: node.key,
    task: node.taskId,
    x: node.x ?? null,
    y: node.y ?? null,
    waits: new Set(node.dependsOn).size,
    over: tasks.get(node.key)?.overrides ?? {},
  }));
  const edges = nodes.flatMap((node) =>
    [...new Set(node.dependsOn)].map((key) => ({ id: ids.get(node.key), on: ids.get(key) })),
  );
  const created = await tx.execute<CreatedRun["executions"][number]>(sql`
    with created as (
      insert into executions (id, run_id, project_id, task_id, task_key, task_name, priority, workflow_type,
        workflow_params, retry_strategy, max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter,
        retry_on_exit_codes, retry_permanent_errors, timeout_seconds, metadata, x, y, status, scheduled_at, due_at,
        unfinished_dependencies, ready_at)
      select v.id, ${runId}, t.project_id, t.id, v.key, t.name,
        coalesce((v.over->>'priority')::smallint, t.priority), t.workflow_type,
        coalesce(v.over->'workflowParams', t.workflow_params),
        coalesce((v.over->>'retryStrategy')::retry_strategy, t.retry_strategy),
        coalesce((v.over->>'maxRetries')::int, t.max_retries),
        coalesce((v.over->>'retryDelaySeconds')::int, t.retry_delay_seconds),
        coalesce((v.over->>'maxRetryDelaySeconds')::int, t.max_retry_delay_seconds),
        coalesce((v.over->>'retryJitter')::boolean, t.retry_jitter),
        case when v.over ? 'retryOnExitCodes' then (select array_agg(c::int) from jsonb_array_elements_text(nullif(v.over->'retryOnExitCodes', 'null')) c)
          else t.retry_on_exit_codes end,
        coalesce((v.over->>'retryPermanentErrors')::boolean, t.retry_permanent_errors),
        coalesce((v.over->>'timeoutSeconds')::int, t.timeout_seconds),
        coalesce(v.over->'metadata', t.metadata), v.x, v.y,
        (case when v.waits = 0 then 'SCHEDULED' else 'PENDING' end)::execution_status,
        asked.at, asked.at, v.waits, case when v.waits = 0 then now() end
      from jsonb_to_recordset(${asRecordset(rows)}) as v (
          id uuid, key text, task uuid, x double precision, y double precision, waits int, over jsonb)
        join tasks t on t.id = v.task,
        (select coalesce(${run.scheduledAt?.toISOString() ?? null}::timestamptz, now()) as at) asked
      returning id, task_id, task_key, status
    ),
    edges as (
      insert into execution_dependencies (execution_id, depends_on_id)
      select v.id, v."on" from jsonb_to_recordset(${asRecordset(edges)}) as v (id uuid, "on" uuid)
    ),
    events as (
      insert into execution_events (execution_id, to_status, attempt, actor_type, actor_id)
      select id, status, 0, ${run.actor.type}, ${run.actor.id} from created
    )
    select id as "executionId", task_id as "taskId", task_key as "taskKey", status,
      count(*) over () as total from created order by id`);
  if (created.length !== rows.length)
    throw new EngineError("conflict", "A task was deleted at this moment; nothing was started.");
  await tx.execute(
    sql`select pg_notify(${channels.queue}, ''), pg_notify(${channels.changes}, ${runId})`,
  );
  return created.map(({ executionId, taskId, taskKey, status }) => ({
    executionId,
    taskId,
    taskKey,
    status,
  }));
}
