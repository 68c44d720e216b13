import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { RunSource } from "@/lib/db/stored-types";
import type { Actor } from "@/lib/domain/actor";
import type { AttemptOutcome } from "@/lib/domain/ending";
import type { Failure } from "@/lib/domain/failure";
import type { Result } from "@/lib/domain/result";
import { at, createdAt, definition, executionStatus, id, runStatus } from "./columns";
import { graphs, projects, tasks } from "./projects";
import { backfills, schedules } from "./schedules";

/**
 * One start of a graph, of a batch or of a single task. Whoever changes the status of an execution holds the lock of its
 * run's row first (the claim alone excepted): runs in id order, then executions in id order.
 */
export const runs = pgTable(
  "runs",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    graphId: uuid("graph_id").references(() => graphs.id, { onDelete: "set null" }),
    graphVersion: integer("graph_version"),
    source: text("source").$type<RunSource>().notNull(),
    name: text("name").notNull(),
    status: runStatus("status").notNull(),
    /** Executions in all, and how many ended in which way; `failed` counts FAILED and TIMEOUT. */
    totalCount: integer("total_count").notNull(),
    completedCount: integer("completed_count").notNull().default(0),
    failedCount: integer("failed_count").notNull().default(0),
    cancelledCount: integer("cancelled_count").notNull().default(0),
    /** Makes a repeated request return this run. */
    idempotencyKey: text("idempotency_key"),
    /** SHA-256 of the request, to tell a repeated one from another one under the same key. */
    requestHash: text("request_hash"),
    /** The schedule that started it, and the fire time it is for; the time stays when the schedule is deleted. */
    scheduleId: uuid("schedule_id").references(() => schedules.id, { onDelete: "set null" }),
    fireAt: at("fire_at"),
    backfillId: uuid("backfill_id").references(() => backfills.id, { onDelete: "set null" }),
    createdBy: text("created_by").notNull(),
    pausedAt: at("paused_at"),
    cancelRequestedAt: at("cancel_requested_at"),
    createdAt: createdAt(),
    startedAt: at("started_at"),
    finishedAt: at("finished_at"),
  },
  (t) => [
    uniqueIndex("runs_idempotency_key").on(t.projectId, t.idempotencyKey),
    // With the status, lists that are narrowed twice are walked within the index; with the number of its executions, which
    // never changes, all executions of a project or of a graph are counted without reading a row.
    index("runs_project_id_idx").on(t.projectId, t.id, t.status, t.totalCount),
    index("runs_graph_id_idx").on(t.graphId, t.id, t.status, t.totalCount),
    index("runs_status_idx").on(t.status, t.id, t.totalCount),
    // What ended lately, and what has been kept long enough.
    index("runs_finished_at_idx").on(t.finishedAt).where(sql`${t.finishedAt} is not null`),
    // No fire time is run twice.
    uniqueIndex("runs_schedule_id_fire_at_key")
      .on(t.scheduleId, t.fireAt)
      .where(sql`${t.scheduleId} is not null`),
    index("runs_schedule_id_idx")
      .on(t.scheduleId, t.id, t.status)
      .where(sql`${t.scheduleId} is not null`),
    // What of a schedule is under way: its previous run, the active runs of a back-fill.
    index("runs_schedule_id_active_idx")
      .on(t.scheduleId)
      .where(sql`${t.scheduleId} is not null and ${t.finishedAt} is null`),
    // For the foreign key: without it, deleting a schedule would read all runs.
    index("runs_backfill_id_idx").on(t.backfillId).where(sql`${t.backfillId} is not null`),
    check("runs_fire", sql`${t.scheduleId} is null or ${t.fireAt} is not null`),
    check(
      "runs_counts",
      sql`${t.completedCount} >= 0 and ${t.failedCount} >= 0 and ${t.cancelledCount} >= 0
      and ${t.completedCount} + ${t.failedCount} + ${t.cancelledCount} <= ${t.totalCount}`,
    ),
    check(
      "runs_final",
      sql`(${t.status} in ('COMPLETED', 'FAILED', 'CANCELLED')) = (${t.finishedAt} is not null)
      and (${t.finishedAt} is not null) = (${t.completedCount} + ${t.failedCount} + ${t.cancelledCount} = ${t.totalCount})`,
    ),
  ],
);

/** One task's passage within a run. */
export const executions = pgTable(
  "executions",
  {
    id: id(),
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    projectId: uuid("project_id").notNull(),
    taskId: uuid("task_id").references(() => tasks.id, { onDelete: "set null" }),
    taskKey: text("task_key").notNull(),
    taskName: text("task_name").notNull(),
    ...definition(),
    /** The pool whose slots it takes. No foreign key: a pool that was deleted limits nothing any more. */
    poolId: uuid("pool_id"),
    /** With whom it shares the pool's slots; empty for all that have no key of their own, null without a pool. */
    poolKey: text("pool_key"),
    /** Where it stands on the run's canvas; null when the run has no drawing. */
    x: doublePrecision("x"),
    y: doublePrecision("y"),

    status: executionStatus("status").notNull(),
    /** Why it has this status: a code such as `upstream_failed`; null in the ordinary course. */
    reason: text("reason"),
    /** The execution because of which it has this status. */
    causeExecutionId: uuid("cause_execution_id"),
    /** The fire time of its run on the clocks of the schedule's time zone, RFC 3339, as its command is told. */
    scheduledFor: text("scheduled_for"),
    /** Earliest start that was asked for. */
    scheduledAt: at("scheduled_at").notNull(),
    /** Earliest start as it stands: `scheduled_at`, later the time of the next retry. */
    dueAt: at("due_at").notNull(),
    /** Dependencies that are not COMPLETED yet. */
    unfinishedDependencies: integer("unfinished_dependencies").notNull(),
    /** What a resumed execution goes back to, unless its dependencies changed meanwhile. */
    pausedFrom: executionStatus("paused_from"),

    /** Number of the latest attempt, 0 before the first. */
    attempt: integer("attempt").notNull().default(0),
    /** Retries used of the present budget of `max_retries`. */
    retriesUsed: integer("retries_used").notNull().default(0),
    /** Attempts lost in a row to infrastructure. */
    lostInRow: integer("lost_in_row").notNull().default(0),

    workerId: uuid("worker_id"),
    /** Unique to the attempt; every write of the attempt is guarded by it. */
    leaseToken: uuid("lease_token"),
    leaseExpiresAt: at("lease_expires_at"),
    /** When the attempt times out. */
    deadlineAt: at("deadline_at"),
    cancelRequestedAt: at("cancel_requested_at"),
    /** The cancel skips the grace. */
    cancelForce: boolean("cancel_force").notNull().default(false),

    createdAt: createdAt(),
    /** When the last dependency completed; null while PENDING for the first time. */
    readyAt: at("ready_at"),
    /** Start of the first attempt. */
    startedAt: at("started_at"),
    finishedAt: at("finished_at"),
    result: jsonb("result").$type<Result>(),
    /** The attempt that gave the result. */
    resultAttempt: integer("result_attempt"),
    /** The latest attempt's failure; kept while RETRYING. */
    error: jsonb("error").$type<Failure>(),
  },
  (t) => [
    // The claim: ready rows in claiming order. Future rows lie behind the due ones of their priority, others are not in it.
    // Rows of pools have an index of their own, so that a full pool stands in nobody's way.
    index("executions_claim_idx")
      .on(t.priority, t.dueAt, t.id)
      .where(sql`${t.status} in ('SCHEDULED', 'RETRYING') and ${t.poolId} is null`),
    // The claim from pools: which keys have ready rows, and the rows of each in claiming order.
    index("executions_pool_claim_idx")
      .on(t.poolId, t.poolKey, t.priority, t.dueAt, t.id)
      .where(sql`${t.status} in ('SCHEDULED', 'RETRYING') and ${t.poolId} is not null`),
    // What comes first in all pools together, and when the next one becomes due. Nothing that waits has a lease; only a query
    // that says so can use this index, lest the planner take it for the rows of one pool and walk through those of all.
    index("executions_pool_queue_idx")
      .on(t.priority, t.dueAt, t.id)
      .where(
        sql`${t.status} in ('SCHEDULED', 'RETRYING') and ${t.poolId} is not null and ${t.leaseToken} is null`,
      ),
    // How many slots of a pool and key are taken: as many rows as attempts run.
    index("executions_pool_held_idx")
      .on(t.poolId, t.poolKey)
      .where(sql`${t.leaseToken} is not null and ${t.poolId} is not null`),
    // The sweep and a worker's own rows: as many as attempts run.
    index("executions_held_idx").on(t.workerId).where(sql`${t.leaseToken} is not null`),
    unique("executions_run_id_task_key_key").on(t.runId, t.taskKey),
    // Every change of a status writes each index that the row is in. So what is claimed, run and completed in the ordinary
    // course is in none of its status or project: it is found by its run. The further columns make lists and counts of
    // what is in it narrow it down without reading rows.
    index("executions_status_idx")
      .on(t.status, t.id, t.projectId, t.runId, t.taskId, t.priority, t.attempt)
      .where(sql`${t.status} in ('FAILED', 'TIMEOUT', 'CANCELLED', 'PAUSED', 'RETRYING')`),
    // How often they were tried, of those that were tried again or are to be because a person asked.
    index("executions_retried_idx")
      .on(t.projectId, t.attempt, t.status)
      .where(
        sql`${t.attempt} > 1 or (${t.attempt} = 1 and ${t.status} in ('PENDING', 'SCHEDULED'))`,
      ),
    index("executions_task_id_idx").on(t.taskId, t.id),
    check("executions_pool", sql`(${t.poolId} is null) = (${t.poolKey} is null)`),
    check("executions_priority", sql`${t.priority} between 0 and 3`),
    check("executions_dependencies", sql`${t.unfinishedDependencies} >= 0`),
    check(
      "executions_pending",
      sql`(${t.status} <> 'PENDING' or ${t.unfinishedDependencies} > 0)
      and (${t.unfinishedDependencies} = 0 or ${t.status} in ('PENDING', 'PAUSED', 'CANCELLED'))`,
    ),
    check(
      "executions_lease",
      sql`(${t.status} in ('PREPARING', 'RUNNING')) = (${t.leaseToken} is not null)
      and (${t.leaseToken} is not null) = (${t.leaseExpiresAt} is not null)
      and (${t.leaseToken} is not null) = (${t.workerId} is not null)
      and (${t.leaseToken} is not null) = (${t.deadlineAt} is not null)`,
    ),
    check(
      "executions_finished",
      sql`(${t.status} in ('COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT')) = (${t.finishedAt} is not null)`,
    ),
    check("executions_paused", sql`(${t.status} = 'PAUSED') = (${t.pausedFrom} is not null)`),
    check(
      "executions_result",
      sql`(${t.status} = 'COMPLETED') = (${t.resultAttempt} is not null)
      and (${t.resultAttempt} is null or ${t.resultAttempt} = ${t.attempt})`,
    ),
    check(
      "executions_cancel",
      sql`${t.cancelRequestedAt} is null or ${t.status} in ('PREPARING', 'RUNNING', 'CANCELLED')`,
    ),
    check(
      "executions_retries",
      sql`${t.retriesUsed} between 0 and ${t.maxRetries} and ${t.attempt} >= ${t.retriesUsed}`,
    ),
  ],
);

/** "The execution waits for the other", as snapshot by the run. */
export const executionDependencies = pgTable(
  "execution_dependencies",
  {
    executionId: uuid("execution_id")
      .notNull()
      .references(() => executions.id, { onDelete: "cascade" }),
    dependsOnId: uuid("depends_on_id")
      .notNull()
      .references(() => executions.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.executionId, t.dependsOnId] }),
    index("execution_dependencies_depends_on_idx").on(t.dependsOnId, t.executionId),
    check("execution_dependencies_self", sql`${t.executionId} <> ${t.dependsOnId}`),
  ],
);

/** One try of an execution by one worker. Written by the statement that claims its execution, so without a foreign key, as the history. */
export const attempts = pgTable(
  "attempts",
  {
    executionId: uuid("execution_id").notNull(),
    /** Counted from 1, without gaps. */
    attempt: integer("attempt").notNull(),
    leaseToken: uuid("lease_token").notNull(),
    workerId: uuid("worker_id").notNull(),
    runner: text("runner").notNull(),
    claimedAt: at("claimed_at").notNull(),
    /** When the command started (RUNNING); null when it never did. */
    startedAt: at("started_at"),
    endedAt: at("ended_at"),
    /** Null while it is going on. */
    outcome: text("outcome").$type<AttemptOutcome>(),
    error: jsonb("error").$type<Failure>(),
    result: jsonb("result").$type<Result>(),
    /** Earliest start of the retry that follows, if one does. */
    nextAttemptAt: at("next_attempt_at"),
  },
  (t) => [
    primaryKey({ columns: [t.executionId, t.attempt] }),
    // At most one attempt of an execution is open.
    uniqueIndex("attempts_open_key").on(t.executionId).where(sql`${t.endedAt} is null`),
    check("attempts_ended", sql`(${t.endedAt} is null) = (${t.outcome} is null)`),
    check(
      "attempts_outcome",
      sql`${t.outcome} in ('COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED', 'LOST', 'RELEASED')`,
    ),
    check("attempts_number", sql`${t.attempt} >= 1`),
  ],
);

/**
 * The history: one row per change of status, appended and never changed (a trigger refuses it). Every event is written by
 * the statement that changes its execution, so a foreign key would only look again for the row at hand; it cost a quarter
 * of all work of the database. A trigger deletes the events with their execution.
 */
export const executionEvents = pgTable(
  "execution_events",
  {
    eventId: bigint("event_id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    executionId: uuid("execution_id").notNull(),
    /** Null for the event of its creation. */
    fromStatus: executionStatus("from_status"),
    toStatus: executionStatus("to_status").notNull(),
    at: at("at").notNull().default(sql`clock_timestamp()`),
    /** The attempt it belongs to, 0 before the first. */
    attempt: integer("attempt").notNull(),
    reason: text("reason"),
    actorType: text("actor_type").$type<Actor["type"]>().notNull(),
    /** Who: a worker's id, a person's or a token's name. */
    actorId: text("actor_id").notNull(),
    causeExecutionId: uuid("cause_execution_id"),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.eventId] })],
);

/** Output of an attempt in pieces of at most 64 KiB. */
export const executionLogs = pgTable(
  "execution_logs",
  {
    executionId: uuid("execution_id").notNull(),
    attempt: integer("attempt").notNull(),
    /** Number of the first line of the piece, from 1; lines that were dropped leave a gap. */
    firstLine: bigint("first_line", { mode: "number" }).notNull(),
    lineCount: integer("line_count").notNull(),
    /** A passing view of the latest lines while the middle is being dropped; replaced by the next one. */
    isPreview: boolean("is_preview").notNull().default(false),
    /** Lines joined by "\n", each behind one letter: o stdout, e stderr, s the engine itself. */
    content: text("content").notNull(),
    at: at("at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.executionId, t.attempt, t.firstLine] }),
    foreignKey({
      columns: [t.executionId, t.attempt],
      foreignColumns: [attempts.executionId, attempts.attempt],
    }).onDelete("cascade"),
  ],
);

export const workers = pgTable(
  "workers",
  {
    id: id(),
    /** Host and process id, for people. */
    name: text("name").notNull(),
    runner: text("runner").notNull(),
    /** What the runner talks to, as its circuit breaker is named; null of a worker from before there were breakers. */
    engine: text("engine"),
    /** One sentence on what runs the commands. */
    runnerDescription: text("runner_description").notNull(),
    maxConcurrentExecutions: integer("max_concurrent_executions").notNull(),
    startedAt: at("started_at").notNull().defaultNow(),
    heartbeatAt: at("heartbeat_at").notNull().defaultNow(),
    /** Draining: it claims no more. */
    drainingAt: at("draining_at"),
    stoppedAt: at("stopped_at"),
  },
  (t) => [index("workers_heartbeat_at_idx").on(t.heartbeatAt)],
);
