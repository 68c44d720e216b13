import { boolean, integer, jsonb, pgEnum, smallint, timestamp, uuid } from "drizzle-orm/pg-core";
import type { JsonValue } from "@/lib/domain/json";
import { retryStrategies } from "@/lib/domain/retry";
import { executionStatuses, runStatuses } from "@/lib/domain/status";
import { workflowTypes } from "@/lib/domain/workflow";

export const executionStatus = pgEnum("execution_status", executionStatuses);
export const runStatus = pgEnum("run_status", runStatuses);
/** @public drizzle-kit finds it by its export */
export const retryStrategy = pgEnum("retry_strategy", retryStrategies);
/** @public drizzle-kit finds it by its export */
export const workflowType = pgEnum("workflow_type", workflowTypes);

/** Ids are UUIDv7, made by the application, so they sort by time of creation. */
export const id = () => uuid("id").primaryKey();
export const at = (name: string) => timestamp(name, { withTimezone: true });
export const createdAt = () => at("created_at").notNull().defaultNow();
export const updatedAt = () => at("updated_at").notNull().defaultNow();

/** The definition of a task; executions carry a copy of it. */
export const definition = () => ({
  /** Rank of the priority, 0 (LOW) to 3 (CRITICAL): the larger is claimed first. */
  priority: smallint("priority").notNull(),
  workflowType: workflowType("workflow_type").notNull(),
  /** Checked again by the worker: `unknown` until parsed. */
  workflowParams: jsonb("workflow_params").$type<unknown>().notNull(),
  retryStrategy: retryStrategy("retry_strategy").notNull(),
  maxRetries: integer("max_retries").notNull(),
  retryDelaySeconds: integer("retry_delay_seconds").notNull(),
  /** Upper bound of one retry delay. */
  maxRetryDelaySeconds: integer("max_retry_delay_seconds").notNull(),
  retryJitter: boolean("retry_jitter").notNull(),
  /** Retry only after these exit codes; null means after any. */
  retryOnExitCodes: integer("retry_on_exit_codes").array(),
  retryPermanentErrors: boolean("retry_permanent_errors").notNull(),
  /** Limit of one attempt, preparing included. */
  timeoutSeconds: integer("timeout_seconds").notNull(),
  metadata: jsonb("metadata").$type<Record<string, JsonValue>>().notNull(),
});
