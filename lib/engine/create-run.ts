import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
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
import { insertGraph, insertTask } from "./insert-run-statement";

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
