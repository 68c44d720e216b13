import type postgres from "postgres";
import { v7 as uuidv7 } from "uuid";
import type { Db } from "@/lib/db/database";
import type { AttemptEnd } from "@/lib/domain/ending";
import type { Failure } from "@/lib/domain/failure";
import {
  type ExecutionOverrides,
  type TaskFieldsInput,
  taskFieldsSchema,
} from "@/lib/domain/task-fields";
import { type ClaimedExecution, claimExecutions } from "@/lib/engine/claim-executions";
import { claimProbes } from "@/lib/engine/claim-probes";
import { type CreatedRun, createRun } from "@/lib/engine/create-run";
import { createTask } from "@/lib/engine/create-task";
import { type AttemptReport, recordAttempts } from "@/lib/engine/record-attempts";
import { registerWorker } from "@/lib/engine/register-worker";
import { saveProject } from "@/lib/engine/save-project";
import { transact } from "@/lib/engine/transaction";

export const person = { type: "person", id: "tester" } as const;

/** A task that is valid and does nothing much. */
export function taskFields(key: string, fields: Partial<TaskFieldsInput> = {}) {
  return taskFieldsSchema.parse({
    key,
    name: key,
    workflowParams: { image: "alpine:3.20", command: ["true"] },
    ...fields,
  });
}

export async function addProject(db: Db): Promise<string> {
  const { projectId } = await saveProject(db, {
    name: `Project ${uuidv7()}`,
    description: "",
    actor: person,
  });
  return projectId;
}

/**
 * Starts a graph given as `{ task: [what it waits for] }`; tasks are created. Returns the run and the ids of its executions
 * by task key.
 */
export async function startRun(
  db: Db,
  shape: Record<string, string[]>,
  options: {
    overrides?: Record<string, ExecutionOverrides>;
    scheduledAt?: Date;
    projectId?: string;
  } = {},
): Promise<CreatedRun & { projectId: string; ids: Record<string, string> }> {
  const projectId = options.projectId ?? (await addProject(db));
  const nodes = [];
  for (const [key, dependsOn] of Object.entries(shape)) {
    const { taskId } = await createTask(db, { projectId, task: taskFields(key), actor: person });
    nodes.push({ key, taskId, dependsOn, overrides: options.overrides?.[key] ?? {} });
  }
  const run = await createRun(db, {
    projectId,
    source: "graph",
    name: "Run",
    nodes,
    request: {},
    actor: person,
    ...(options.scheduledAt && { scheduledAt: options.scheduledAt }),
  });
  const ids = Object.fromEntries(run.executions.map((e) => [e.taskKey, e.executionId]));
  return { ...run, projectId, ids };
}

/** As `startRun`, with one task for all nodes: for shapes of many. */
export async function startLargeRun(
  db: Db,
  shape: Record<string, string[]>,
  options: { projectId?: string; overrides?: ExecutionOverrides } = {},
) {
  const projectId = options.projectId ?? (await addProject(db));
  const task = taskFields(`t${uuidv7()}`);
  const { taskId } = await createTask(db, { projectId, task, actor: person });
  const nodes = Object.entries(shape).map(([key, dependsOn]) => ({
    key,
    taskId,
    dependsOn,
    overrides: { retryStrategy: "NONE" as const, ...options.overrides },
  }));
  const run = {
    projectId,
    source: "graph",
    name: "Run",
    nodes,
    request: {},
    actor: person,
  } as const;
  const created = await transact(db, (tx) => createRun(tx, run));
  const ids = Object.fromEntries(created.executions.map((e) => [e.taskKey, e.executionId]));
  return { ...created, projectId, ids };
}

export const TEST_ENGINE = "process@test";

/** A worker that exists in the database only: it claims and reports when the test says so. */
export async function addWorker(db: Db, { engine = TEST_ENGINE } = {}) {
  const workerId = uuidv7();
  await registerWorker(db, {
    id: workerId,
    name: "test worker",
    runner: "process",
    engine,
    runnerDescription: "none",
    maxConcurrentExecutions: 10,
  });
  const actor = { type: "worker", id: workerId } as const;
  const report = (reports: AttemptReport[]) => recordAttempts(db, { reports, actor });
  type ClaimOptions = { leaseSeconds?: number; fairSlots?: number };
  const claimInput = (limit: number, options: ClaimOptions) => ({
    workerId,
    runner: "process",
    engine,
    limit,
    fairSlots: options.fairSlots ?? 0,
    starvationBoundSeconds: 600,
    leaseSeconds: options.leaseSeconds ?? 30,
  });
  return {
    workerId,
    claim: async (limit = 10, options: ClaimOptions = {}, tx = db) => {
      const { executions } = await claimExecutions(tx, claimInput(limit, options));
      return executions;
    },
    claimProbes: async (limit = 10, options: ClaimOptions = {}) => {
      const { executions } = await claimProbes(db, claimInput(limit, options));
      return executions;
    },
    report,
    start: (claimed: ClaimedExecution) => report([{ ...claimed, startedMsAgo: 0, end: null }]),
    end: (claimed: ClaimedExecution, end: AttemptEnd) =>
      report([{ ...claimed, startedMsAgo: null, end }]),
  };
}

export const completed = {
  kind: "completed" as const,
  result: {
    exitCode: 0,
    durationMs: 1,
    runner: "process" as const,
    imageDigest: null,
    outputs: {},
  },
} satisfies AttemptEnd;

export function failed(failure: Partial<Failure> = {}): AttemptEnd {
  const base: Failure = { class: "exit", message: "exit code 1", exitCode: 1, signal: null };
  return { kind: "failed", failure: { ...base, ...failure } };
}

/** The runner has lost its engine. */
export const engineLost: AttemptEnd = {
  kind: "failed",
  failure: {
    class: "infrastructure",
    message: "The engine is gone.",
    exitCode: null,
    signal: null,
  },
  isEngineFault: true,
};

/** Status by task key of a run's executions. */
export async function statusesOf(
  sql: postgres.Sql,
  runId: string,
): Promise<Record<string, string>> {
  const rows = await sql<{ task_key: string; status: string }[]>`
    select task_key, status from executions where run_id = ${runId} order by task_key`;
  return Object.fromEntries(rows.map((row) => [row.task_key, row.status]));
}
