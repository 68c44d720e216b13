import { v7 as uuidv7 } from "uuid";
import type { Db } from "@/lib/db/database";
import { executions, runs, workers } from "@/lib/db/schema/executions";
import { toTaskRow } from "@/lib/db/task-row";
import type { Actor } from "@/lib/domain/actor";
import {
  type ExecutionStatus,
  isFinal,
  isHeld,
  isRunFinal,
  runStatusOf,
} from "@/lib/domain/status";
import { type TaskFields, type TaskFieldsInput, taskFieldsSchema } from "@/lib/domain/task-fields";
import { createGraph } from "@/lib/engine/create-graph";
import { createPool as createPoolRow } from "@/lib/engine/create-pool";
import { saveGraph } from "@/lib/engine/save-graph";
import { saveProject } from "@/lib/engine/save-project";

export const PERSON: Actor = { type: "person", id: "tester" };

/** Every field of a task that prints one word; the name is the key unless given. */
export function makeTaskFields(fields: Partial<TaskFieldsInput> & { key: string }): TaskFields {
  return taskFieldsSchema.parse({
    name: fields.key,
    workflowParams: { image: "alpine:3.20", command: ["echo", fields.key] },
    ...fields,
  });
}

/** A project with a name of its own; returns its id. */
export async function createProject(db: Db, name = `Project ${uuidv7()}`): Promise<string> {
  const { projectId } = await saveProject(db, { name, description: "", actor: PERSON });
  return projectId;
}

/** A pool of a project, with one slot unless told otherwise; returns its id. */
export async function createPool(
  db: Db,
  { projectId, name = `Pool ${uuidv7()}`, slots = 1 }: NewPool,
): Promise<string> {
  const pool = { projectId, name, slots, description: "", actor: PERSON };
  return (await createPoolRow(db, pool)).poolId;
}

type NewPool = { projectId: string; name?: string; slots?: number };

type Drawing = {
  projectId: string;
  name?: string;
  /** Key of each task and the keys of those it waits for. */
  tasks: Record<string, string[]>;
  /** Fields other than the factory's, by key. */
  fields?: Record<string, Partial<TaskFieldsInput>>;
};

/** A saved graph (version 2) with the ids of its tasks by key. */
export async function createDrawnGraph(
  db: Db,
  { projectId, name = `Graph ${uuidv7()}`, tasks, fields = {} }: Drawing,
): Promise<{ graphId: string; taskIds: Record<string, string> }> {
  const { graphId } = await createGraph(db, { projectId, name, description: "", actor: PERSON });
  const taskIds = Object.fromEntries(Object.keys(tasks).map((key) => [key, uuidv7()]));
  const idOf = (key: string) => taskIds[key] ?? key;
  await saveGraph(db, {
    graphId,
    version: 1,
    name,
    description: "",
    nodes: Object.keys(tasks).map((key, i) => ({
      taskId: idOf(key),
      taskVersion: 0,
      x: i * 320,
      y: 0,
      task: makeTaskFields({ key, ...fields[key] }),
    })),
    dependencies: Object.entries(tasks).flatMap(([key, dependsOn]) =>
      dependsOn.map((other) => ({ taskId: idOf(key), dependsOnTaskId: idOf(other) })),
    ),
    actor: PERSON,
  });
  return { graphId, taskIds };
}

type RunFacts = {
  projectId: string;
  graphId?: string;
  name?: string;
  paused?: boolean;
  executions: ExecutionFacts[];
};

type ExecutionFacts = Partial<typeof executions.$inferInsert> & { status: ExecutionStatus };

/**
 * Rows of a run and its executions as they would be in these statuses, written past the engine: for tests of reads, which
 * need rows of every kind. Executions wait for nothing unless they are PENDING.
 */
export async function insertRun(
  db: Db,
  facts: RunFacts,
): Promise<{ runId: string; executionIds: string[] }> {
  const runId = uuidv7();
  const rows = facts.executions.map((given, i) => makeExecution({ ...facts, runId }, given, i));
  const of = (...statuses: ExecutionStatus[]) =>
    rows.filter(({ status }) => statuses.includes(status)).length;
  const counts = {
    total: rows.length,
    completed: of("COMPLETED"),
    failed: of("FAILED", "TIMEOUT"),
    cancelled: of("CANCELLED"),
  };
  const paused = facts.paused ?? false;
  const started = rows.some(({ startedAt }) => startedAt !== null);
  const status = runStatusOf({ counts, started, paused, cancelRequested: false });
  await db.insert(runs).values({
    id: runId,
    projectId: facts.projectId,
    graphId: facts.graphId ?? null,
    source: facts.graphId ? "graph" : "batch",
    name: facts.name ?? "Run",
    status,
    totalCount: counts.total,
    completedCount: counts.completed,
    failedCount: counts.failed,
    cancelledCount: counts.cancelled,
    createdBy: PERSON.id,
    pausedAt: paused ? new Date() : null,
    startedAt: started ? new Date() : null,
    finishedAt: isRunFinal(status) ? new Date() : null,
  });
  await db.insert(executions).values(rows);
  return { runId, executionIds: rows.map(({ id }) => id) };
}

function makeExecution(
  run: { runId: string; projectId: string },
  given: ExecutionFacts,
  i: number,
) {
  const { status } = given;
  const {
    key,
    name,
    description: _,
    ...definition
  } = toTaskRow(makeTaskFields({ key: `t${i}` }), null);
  const now = new Date();
  const hasStarted = isHeld(status) || isFinal(status) || status === "RETRYING";
  const lease = {
    workerId: uuidv7(),
    leaseToken: uuidv7(),
    leaseExpiresAt: new Date(now.getTime() + 30_000),
    deadlineAt: new Date(now.getTime() + 3_600_000),
  };
  return {
    id: uuidv7(),
    ...run,
    taskKey: key,
    taskName: name,
    ...definition,
    scheduledAt: now,
    dueAt: now,
    unfinishedDependencies: status === "PENDING" ? 1 : 0,
    pausedFrom: status === "PAUSED" ? ("SCHEDULED" as const) : null,
    attempt: hasStarted ? 1 : 0,
    ...(isHeld(status) && lease),
    readyAt: now,
    startedAt: hasStarted ? now : null,
    finishedAt: isFinal(status) ? now : null,
    resultAttempt: status === "COMPLETED" ? (given.attempt ?? 1) : null,
    ...given,
  };
}

/** A worker that has just told it lives, unless told otherwise; returns its id. */
export async function insertWorker(
  db: Db,
  facts: Partial<typeof workers.$inferInsert> = {},
): Promise<string> {
  const worker = {
    id: uuidv7(),
    name: "worker",
    runner: "process",
    runnerDescription: "Runs commands on this host.",
    maxConcurrentExecutions: 2,
    ...facts,
  };
  await db.insert(workers).values(worker);
  return worker.id;
}
