import { createHash } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { channels } from "@/lib/db/channels";
import { compileStatement } from "@/lib/db/compile-statement";
import type { Db } from "@/lib/db/database";
import { prepared } from "@/lib/db/prepared";
import type { RunSource } from "@/lib/db/stored-types";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { requireValidGraph } from "@/lib/domain/graph";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { toZonedIso } from "@/lib/domain/zoned-time";
import { findRunTasks, type RunTask, type RunTaskRow } from "./find-run-tasks";

/** One execution to be: a task, its place, what it waits for (keys) and what differs from the task. */
type RunNode = {
  key: string;
  taskId: string;
  dependsOn: readonly string[];
  overrides: ExecutionOverrides;
  x?: number | null;
  y?: number | null;
};

/** The fire of a schedule that starts a run. */
export type Fire = {
  scheduleId: string;
  fireAt: Date;
  /** Of the schedule: its commands are told the fire time as the clocks there show it. */
  timeZone: string;
  backfillId?: string;
};

export type NewRun = {
  projectId: string;
  source: RunSource;
  name: string;
  graphId?: string;
  graphVersion?: number;
  nodes: readonly RunNode[];
  /** The tasks of the nodes, when the caller has just read them. */
  tasks?: readonly RunTaskRow[];
  scheduledAt?: Date;
  idempotencyKey?: string;
  fire?: Fire;
  /** What was asked for, to tell a repeated request from another one under the same key. */
  request: object;
  actor: Actor;
};

type CreatedExecution = {
  executionId: string;
  taskId: string | null;
  taskKey: string;
  status: ExecutionStatus;
};

export type CreatedRun = {
  runId: string;
  /** False when the idempotency key had made this run before. */
  created: boolean;
  executions: CreatedExecution[];
  /** Task keys in an order in which they can run. */
  order: string[];
};

/**
 * Writes a run with all its executions and dependencies, all or nothing, by its last statement. Definitions are
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
  const graph = toRows({ run, order, tasks });
  const created = await insertRun(tx, { run, runId, requestHash, graph, count: order.length });
  if (created) return { ...created, order };
  // Another request with the same key has just committed.
  const winner = await findByKey(tx, run, requestHash);
  if (winner) return { ...winner, order };
  throw new EngineError("conflict", "A task was deleted at this moment; nothing was started.");
}

/**
 * The same for a task by itself, as it is defined: there is nothing to look up first. Null when there is no such task.
 */
export async function createRunOfTask(
  tx: Db,
  run: Pick<NewRun, "scheduledAt" | "actor"> & { taskId: string },
): Promise<CreatedRun | null> {
  const runId = uuidv7();
  const created = await insertRun(tx, { run: { ...run, source: "task" }, runId, count: 1 });
  return created && { ...created, order: created.executions.map(({ taskKey }) => taskKey) };
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
  const [found] = await tx.execute<{ runId: string; requestHash: string | null }>(sql`${prepared}
    select id as "runId", request_hash as "requestHash" from runs
    where project_id = ${run.projectId} and idempotency_key = ${run.idempotencyKey}`);
  if (!found) return null;
  if (found.requestHash !== requestHash)
    throw new EngineError(
      "idempotency_conflict",
      `The idempotency key belongs to run ${found.runId}, which was asked for differently.`,
    );
  const executions = await tx.execute<CreatedExecution>(sql`
    select id as "executionId", task_id as "taskId", task_key as "taskKey", status
    from executions where run_id = ${found.runId} order by id`);
  return { runId: found.runId, created: false, executions: [...executions] };
}

/**
 * Writes everything in one statement; null when another request under the same key has made its run meanwhile, or a task is
 * gone. What the run of a single task does not say of itself is taken from that task.
 */
async function insertRun(
  tx: Db,
  input: {
    run: Partial<NewRun> & Pick<NewRun, "source" | "actor"> & { taskId?: string };
    /** Given out before those of the executions, which are greater: lists rely on that. */
    runId: string;
    count: number;
    /** Unless it is the run of a single task as it is defined. */
    graph?: { rows: readonly object[]; edges: readonly object[] };
    requestHash?: string | null;
  },
): Promise<Pick<CreatedRun, "runId" | "created" | "executions"> | null> {
  const { run, runId, count, graph, requestHash = null } = input;
  const { scheduleId = null, fireAt, backfillId = null } = run.fire ?? {};
  const scheduledFor = run.fire ? toZonedIso(run.fire.fireAt, run.fire.timeZone) : null;
  const insert = graph ? insertGraph : insertTask;
  const answer = await tx.execute<InsertedRow>(
    insert({
      rows: JSON.stringify(graph?.rows ?? []),
      edges: JSON.stringify(graph?.edges ?? []),
      executionId: uuidv7(),
      count,
      runId,
      taskId: run.taskId ?? null,
      projectId: run.projectId ?? null,
      graphId: run.graphId ?? null,
      graphVersion: run.graphVersion ?? null,
      source: run.source,
      name: run.name ?? null,
      idempotencyKey: run.idempotencyKey ?? null,
      requestHash,
      scheduleId,
      fireAt: fireAt?.toISOString() ?? null,
      backfillId,
      actorType: run.actor.type,
      actorId: run.actor.id,
      scheduledFor,
      scheduledAt: run.scheduledAt?.toISOString() ?? null,
    }),
  );
  if (answer[0]?.run === 0) return null;
  const executions = answer.filter(isCreated).map(toCreated);
  return { runId, created: true, executions };
}

type InsertValue =
  | "rows"
  | "edges"
  | "executionId"
  | "taskId"
  | "count"
  | "runId"
  | "projectId"
  | "graphId"
  | "graphVersion"
  | "source"
  | "name"
  | "idempotencyKey"
  | "requestHash"
  | "scheduleId"
  | "fireAt"
  | "backfillId"
  | "actorType"
  | "actorId"
  | "scheduledFor"
  | "scheduledAt";

/** Both statements are this one; where there is nothing but a task, the planner sees that nothing differs from it. */
function buildInsert(value: (name: InsertValue) => SQL, { isGraph }: { isGraph: boolean }): SQL {
  const askedFor = isGraph
    ? sql`
      select * from jsonb_to_recordset(${value("rows")}::jsonb) as v (
        id uuid, key text, task uuid, x double precision, y double precision, waits int, over jsonb)`
    : sql`
      select ${value("executionId")}::uuid as id, null as key, ${value("taskId")}::uuid as task, null::double precision as x,
        null::double precision as y, 0 as waits, '{}'::jsonb as over`;
  const edges = sql`
    edges as (
      insert into execution_dependencies (execution_id, depends_on_id)
      select v.id, v."on" from run, jsonb_to_recordset(${value("edges")}::jsonb) as v (id uuid, "on" uuid)
    ),`;
  return sql`${prepared}
    with asked_for as ${isGraph ? sql`materialized` : sql`not materialized`} (${askedFor}),
    run as (
      insert into runs (id, project_id, graph_id, graph_version, source, name, status, total_count, idempotency_key,
        request_hash, schedule_id, fire_at, backfill_id, created_by)
      select ${value("runId")}::uuid, coalesce(${value("projectId")}::uuid, (select project_id from tasks where id = ${value("taskId")}::uuid)),
        ${value("graphId")}::uuid, ${value("graphVersion")}::int, ${value("source")},
        coalesce(${value("name")}, (select name from tasks where id = ${value("taskId")}::uuid)), 'SCHEDULED', ${value("count")}::int, ${value("idempotencyKey")}, ${value("requestHash")}, ${value("scheduleId")}::uuid,
        ${value("fireAt")}::timestamptz, ${value("backfillId")}::uuid, ${value("actorId")}
      where not exists (select from asked_for left join tasks t on t.id = task where t.id is null)
      on conflict (project_id, idempotency_key) do nothing returning id
    ),
    created as (
      insert into executions (id, run_id, project_id, task_id, task_key, task_name, priority, workflow_type,
        workflow_params, retry_strategy, max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter,
        retry_on_exit_codes, retry_permanent_errors, timeout_seconds, metadata, pool_id, pool_key, x, y, status,
        scheduled_for, scheduled_at, due_at, unfinished_dependencies, ready_at)
      select v.id, run.id, t.project_id, t.id, coalesce(v.key, t.key), t.name,
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
        coalesce(v.over->'metadata', t.metadata), pool.id, case when pool.id is not null then coalesce(pool.key, '') end, v.x, v.y,
        (case when v.waits = 0 then 'SCHEDULED' else 'PENDING' end)::execution_status,
        ${value("scheduledFor")}, asked.at, asked.at, v.waits, case when v.waits = 0 then now() end
      from run, asked_for v join tasks t on t.id = v.task
        cross join lateral (select
          case when v.over ? 'poolId' then (v.over->>'poolId')::uuid else t.pool_id end as id,
          case when v.over ? 'poolKey' then v.over->>'poolKey' else t.pool_key end as key) pool,
        (select coalesce(${value("scheduledAt")}::timestamptz, now()) as at) asked
      returning id, task_id, task_key, status
    ),
    ${isGraph ? edges : sql``}
    events as (
      insert into execution_events (execution_id, to_status, attempt, actor_type, actor_id)
      select id, status, 0, ${value("actorType")}, ${value("actorId")} from created
    ),
    notified as (
      select pg_notify(channel, payload) from run, (values (${channels.queue}, ''), (${channels.changes}, ${value("runId")})) n (channel, payload)
    )
    select id as "executionId", task_id as "taskId", task_key as "taskKey", status, made.run,
      (select count(*) from notified)
    from (select count(*)::int as run from run) made left join created on true order by id`;
}

const insertGraph = compileStatement<InsertValue>((value) => buildInsert(value, { isGraph: true }));
const insertTask = compileStatement<InsertValue>((value) => buildInsert(value, { isGraph: false }));

/** One row at least: whether the run was made, and an execution of it. */
type InsertedRow = { run: number } & (CreatedExecution | { executionId: null });

function isCreated(row: InsertedRow): row is InsertedRow & CreatedExecution {
  return row.executionId !== null;
}

function toCreated({ executionId, taskId, taskKey, status }: CreatedExecution): CreatedExecution {
  return { executionId, taskId, taskKey, status };
}

/** The executions to be, in an order in which they can run, and their dependencies. */
function toRows(input: { run: NewRun; order: string[]; tasks: Map<string, RunTask> }) {
  const { run, order, tasks } = input;
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
  return { rows, edges };
}
