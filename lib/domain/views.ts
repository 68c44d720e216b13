/**
 * What screens and programs read, exactly as it travels as JSON: times are ISO 8601 strings in UTC, ids are UUIDs. The
 * queries in lib/db/queries return these shapes, the route handlers send them, lib/client receives them.
 */
import type { Actor } from "./actor";
import type { BreakerStanding } from "./circuit-breaker";
import type { AttemptOutcome } from "./ending";
import type { Explanation } from "./explain";
import type { Failure } from "./failure";
import type { JsonValue } from "./json";
import type { Priority } from "./priority";
import type { Result } from "./result";
import type { RetryPolicy } from "./retry";
import type { ExecutionStatus, RunCounts, RunStatus, TaskStatus } from "./status";
import type { TaskFields } from "./task-fields";
import type { WorkflowType } from "./workflow";

/** Keyset page: `next` is the cursor of the older page, null on the last one. Where few match, a page may be short. */
export type Page<T> = { items: T[]; next: string | null };

/** Executions by status, of all that match, or of those among so many of the newest. */
export type ExecutionCounts = {
  counts: Record<ExecutionStatus, number>;
  ofNewest: number | null;
};

export type ProjectSummary = {
  projectId: string;
  name: string;
  description: string;
  isExample: boolean;
  taskCount: number;
  graphCount: number;
  /** Runs that are not final. */
  activeRunCount: number;
  createdAt: string;
  updatedAt: string;
};

export type TaskSummary = {
  taskId: string;
  key: string;
  name: string;
  description: string;
  priority: Priority;
  workflowType: WorkflowType;
  status: TaskStatus;
  /** Its newest execution; null when it never ran. */
  latestExecution: { executionId: string; status: ExecutionStatus; createdAt: string } | null;
  /** Names of the graphs that hold it. */
  graphs: { graphId: string; name: string }[];
  updatedAt: string;
};

export type TaskDetail = {
  taskId: string;
  projectId: string;
  version: number;
  task: TaskFields;
};

export type GraphSummary = {
  graphId: string;
  name: string;
  description: string;
  version: number;
  taskCount: number;
  latestRun: { runId: string; status: RunStatus; createdAt: string } | null;
  updatedAt: string;
};

export type PoolSummary = {
  poolId: string;
  name: string;
  description: string;
  slots: number;
  /** Executions of it that hold a lease, over all its keys. */
  slotsUsed: number;
  /** How many different keys they have; each has all slots. */
  keysUsed: number;
  /** SCHEDULED or RETRYING; counted up to 1,000, and 1,001 stands for more. */
  waiting: number;
  /** Tasks that name it. */
  taskCount: number;
};

export type ProjectDetail = ProjectSummary & { tasks: TaskSummary[]; graphs: GraphSummary[] };

/** A graph as the editor opens it. */
export type GraphDetail = {
  graphId: string;
  projectId: string;
  projectName: string;
  name: string;
  description: string;
  version: number;
  nodes: { taskId: string; taskVersion: number; x: number; y: number; task: TaskFields }[];
  dependencies: { taskId: string; dependsOnTaskId: string }[];
};

/** What started a run at which fire time; the schedule is null once it is deleted. */
export type RunFire = {
  at: string;
  /** The schedule's; UTC once it is deleted. */
  timeZone: string;
  schedule: { scheduleId: string; name: string } | null;
  isBackfill: boolean;
};

export type RunSummary = {
  runId: string;
  projectId: string;
  projectName: string;
  graphId: string | null;
  graphVersion: number | null;
  source: "graph" | "batch" | "task";
  name: string;
  status: RunStatus;
  counts: RunCounts;
  /** Null when no schedule started it. */
  fire: RunFire | null;
  createdBy: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  pausedAt: string | null;
  cancelRequestedAt: string | null;
};

/** What of a run never changes: read once. */
export type RunStructure = {
  executions: {
    executionId: string;
    taskId: string | null;
    taskKey: string;
    taskName: string;
    priority: Priority;
    maxRetries: number;
    /** Name of its pool; null when it has none, or none any more. */
    pool: string | null;
    x: number | null;
    y: number | null;
  }[];
  dependencies: { executionId: string; dependsOnId: string }[];
};

/** What of an execution changes while its run goes on. */
export type ExecutionState = {
  executionId: string;
  status: ExecutionStatus;
  reason: string | null;
  /** Number of the latest attempt, 0 before the first. */
  attempt: number;
  retriesUsed: number;
  dueAt: string;
  unfinishedDependencies: number;
  causeExecutionId: string | null;
  cancelRequestedAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  /** First line of the latest failure. */
  errorMessage: string | null;
};

/** What of a run changes: read again at every hint. `now` is the database's time, to count down from. */
export type RunState = { run: RunSummary; executions: ExecutionState[]; now: string };

/** When each attempt of a run did what, for the timeline; executions in order of creation. */
export type RunTimeline = {
  executions: {
    executionId: string;
    createdAt: string;
    /** When its last dependency completed; null while it still waits for one. */
    readyAt: string | null;
    finishedAt: string | null;
    attempts: Pick<
      AttemptView,
      "attempt" | "claimedAt" | "startedAt" | "endedAt" | "outcome" | "nextAttemptAt"
    >[];
  }[];
  now: string;
};

export type ExecutionSummary = ExecutionState & {
  runId: string;
  runName: string;
  projectId: string;
  projectName: string;
  taskId: string | null;
  taskKey: string;
  taskName: string;
  priority: Priority;
  maxRetries: number;
  /** Name of its pool; null when it has none, or none any more. */
  pool: string | null;
  createdAt: string;
  workerName: string | null;
};

export type AttemptView = {
  attempt: number;
  workerId: string;
  workerName: string | null;
  runner: string;
  claimedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  outcome: AttemptOutcome | null;
  error: Failure | null;
  result: Result | null;
  nextAttemptAt: string | null;
};

export type EventView = {
  eventId: number;
  fromStatus: ExecutionStatus | null;
  toStatus: ExecutionStatus;
  at: string;
  attempt: number;
  reason: string | null;
  actor: Actor;
  /** The worker's name where the actor is one. */
  actorName: string;
  causeExecutionId: string | null;
  causeTaskName: string | null;
};

export type ExecutionDetail = ExecutionSummary & {
  graphId: string | null;
  workflowType: WorkflowType;
  workflowParams: unknown;
  retryPolicy: RetryPolicy;
  timeoutSeconds: number;
  metadata: Record<string, JsonValue>;
  poolKey: string | null;
  scheduledAt: string;
  readyAt: string | null;
  deadlineAt: string | null;
  cancelForce: boolean;
  result: Result | null;
  error: Failure | null;
  attempts: AttemptView[];
  events: EventView[];
  dependsOn: { executionId: string; taskName: string; status: ExecutionStatus }[];
  dependents: { executionId: string; taskName: string; status: ExecutionStatus }[];
  /** From the direct cause to the first one. */
  causeChain: {
    executionId: string;
    taskName: string;
    status: ExecutionStatus;
    reason: string | null;
    /** First line of its latest failure. */
    errorMessage: string | null;
  }[];
  /** Why it waits; null when it is held by a worker or final. */
  explanation: Explanation | null;
  now: string;
};

/** A piece of stored output: lines joined by "\n", each behind one letter (o stdout, e stderr, s the engine itself). */
export type LogChunkView = {
  firstLine: number;
  lineCount: number;
  isPreview: boolean;
  content: string;
  at: string;
};

/** Log of one attempt from a line on. `end` is true once the attempt has ended and everything was sent. */
export type LogPage = { chunks: LogChunkView[]; nextLine: number; end: boolean };

export type WorkerView = {
  workerId: string;
  name: string;
  runner: string;
  runnerDescription: string;
  maxConcurrentExecutions: number;
  /** Executions it holds now. */
  held: { executionId: string; taskName: string; runId: string; status: ExecutionStatus }[];
  startedAt: string;
  heartbeatAt: string;
  state: "alive" | "draining" | "missing" | "stopped";
};

/** The circuit breaker of an engine that workers claim for. */
export type BreakerView = BreakerStanding & {
  /** Since when it is not closed, or when it was closed; null when it never opened. */
  since: string | null;
  lastError: string | null;
  lastErrorAt: string | null;
  /** Who opened or closed it: the worker that reported it, or a person by hand. */
  turnedBy: Actor | null;
};

/** The specification's statistics, counted per execution from the database. Times in milliseconds. */
export type ExecutionStats = {
  total_executions: number;
  successful_executions: number;
  failed_executions: number;
  retried_executions: number;
  cancelled_executions: number;
  timed_out_executions: number;
  status_counts: Record<ExecutionStatus, number>;
  queue_length: number;
  running_count: number;
  total_count: number;
  attempts: number;
  /** Executions that became final within the last hour. */
  throughput_last_hour: number;
  waiting_ms: { p50: number | null; p95: number | null };
  running_ms: { p50: number | null; p95: number | null };
};

/** The banner and the overview: whether the system can work at all, and with what. */
export type SystemState = {
  now: string;
  workersAlive: number;
  slots: number;
  slotsUsed: number;
  /** Runners of the workers alive, each once. */
  runners: { runner: string; description: string; workers: number }[];
  /** Of every engine of the workers alive. */
  breakers: BreakerView[];
  /** How many days runs are kept after their end; null for ever. */
  retentionDays: number | null;
};

export type Overview = SystemState & {
  stats: ExecutionStats;
  activeRuns: RunSummary[];
  running: ExecutionSummary[];
  waiting: (ExecutionSummary & { explanation: Explanation })[];
  recentFailures: ExecutionSummary[];
};
