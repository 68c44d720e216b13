import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type {
  BackfillStatus,
  FireOutcome,
  MissedFirePolicy,
  OverlapPolicy,
  ScheduleKind,
} from "@/lib/domain/schedule";
import { at, createdAt, id, updatedAt } from "./columns";
import { graphs } from "./projects";

/** When a graph is started by itself: again and again, or once. */
export const schedules = pgTable(
  "schedules",
  {
    id: id(),
    graphId: uuid("graph_id")
      .notNull()
      .references(() => graphs.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    kind: text("kind").$type<ScheduleKind>().notNull(),
    /** Of a cron schedule: five fields, meant in the time zone. */
    expression: text("expression"),
    timeZone: text("time_zone").notNull(),
    onceAt: at("once_at"),
    /** A cron schedule fires from here on, and before there. */
    startsAt: at("starts_at"),
    endsAt: at("ends_at"),
    enabled: boolean("enabled").notNull(),
    missedFires: text("missed_fires").$type<MissedFirePolicy>().notNull(),
    overlap: text("overlap").$type<OverlapPolicy>().notNull(),
    /** Rank of the priority of its runs' executions; null leaves each task its own. */
    priority: smallint("priority"),
    /** The fire time that comes next; null when none follows or it is not enabled. */
    nextFireAt: at("next_fire_at"),
    /** The fire time that was dealt with last, and how. */
    lastFireAt: at("last_fire_at"),
    lastOutcome: text("last_outcome").$type<FireOutcome>(),
    /** Why the last fire started no run, in words, where it failed. */
    error: text("error"),
    /** Counts changes by people; an update names the version it was made from. */
    version: integer("version").notNull().default(1),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("schedules_graph_id_name_key").on(t.graphId, t.name),
    // The loop of every worker: due schedules, and when the next one comes.
    index("schedules_next_fire_at_idx").on(t.nextFireAt).where(sql`${t.nextFireAt} is not null`),
    check(
      "schedules_kind",
      sql`(${t.kind} = 'cron' and ${t.expression} is not null and ${t.onceAt} is null)
      or (${t.kind} = 'once' and ${t.expression} is null and ${t.onceAt} is not null)`,
    ),
    check("schedules_enabled", sql`${t.enabled} or ${t.nextFireAt} is null`),
    check("schedules_missed_fires", sql`${t.missedFires} in ('catch_up', 'skip')`),
    check("schedules_overlap", sql`${t.overlap} in ('allow', 'skip')`),
    check("schedules_priority", sql`${t.priority} between 0 and 3`),
    check(
      "schedules_last_fire",
      sql`(${t.lastFireAt} is null) = (${t.lastOutcome} is null)
      and ${t.lastOutcome} in ('started', 'missed', 'overlapped', 'failed')`,
    ),
  ],
);

/** The fire times of a schedule that are run after the fact, one after the other. */
export const backfills = pgTable(
  "backfills",
  {
    id: id(),
    scheduleId: uuid("schedule_id")
      .notNull()
      .references(() => schedules.id, { onDelete: "cascade" }),
    fromAt: at("from_at").notNull(),
    toAt: at("to_at").notNull(),
    /** What is to be run, in order; fixed when it was started. */
    fireTimes: at("fire_times").array().notNull(),
    /** How many of them, from the first on, have their run. */
    startedCount: integer("started_count").notNull().default(0),
    /** How many of its runs may be active at once; null for any number. */
    maxActiveRuns: integer("max_active_runs"),
    priority: smallint("priority"),
    status: text("status").$type<BackfillStatus>().notNull().default("RUNNING"),
    /** Why it FAILED, in words. */
    error: text("error"),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    finishedAt: at("finished_at"),
  },
  (t) => [
    index("backfills_schedule_id_idx").on(t.scheduleId, t.id),
    // A schedule has at most one under way; also what the loops look for.
    uniqueIndex("backfills_running_key").on(t.scheduleId).where(sql`${t.status} = 'RUNNING'`),
    check("backfills_status", sql`${t.status} in ('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')`),
    check("backfills_finished", sql`(${t.status} = 'RUNNING') = (${t.finishedAt} is null)`),
    check("backfills_count", sql`${t.startedCount} between 0 and cardinality(${t.fireTimes})`),
    check("backfills_max_active_runs", sql`${t.maxActiveRuns} > 0`),
    check("backfills_priority", sql`${t.priority} between 0 and 3`),
  ],
);
