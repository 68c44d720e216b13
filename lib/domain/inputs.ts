import * as z from "zod";
import type { ErrorCode } from "./errors";
import {
  MAX_DEPENDENCIES_PER_GRAPH,
  MAX_POOL_SLOTS,
  MAX_SCHEDULE_AHEAD_DAYS,
  MAX_TASKS_PER_GRAPH,
} from "./limits";
import { executionOverridesSchema, taskFieldsSchema } from "./task-fields";
import { descriptionSchema, nameSchema } from "./text";
import { wholeNumber } from "./whole-number";

/** Lower-case hyphenated form only, so that one object has one address. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "This is not an id.");

const DAY_MS = 86_400_000;

/** RFC 3339 with an offset or Z, from the year 2000 on. */
export const instantSchema = z.iso
  .datetime({
    offset: true,
    message: "Enter a time such as 2030-01-31T08:00:00Z, with Z or an offset.",
  })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= Date.UTC(2000, 0, 1), "The time lies before the year 2000.");

/** As an instant; a past time means at once. */
export const scheduledAtSchema = instantSchema.refine(
  (at) => at.getTime() <= Date.now() + MAX_SCHEDULE_AHEAD_DAYS * DAY_MS,
  `The time lies more than ${MAX_SCHEDULE_AHEAD_DAYS} days ahead.`,
);

/** Any text a client invents for one request, so that repeating the request returns the same run. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "Use 1 to 200 visible ASCII characters.");

export const saveProjectSchema = z.strictObject({
  projectId: idSchema.optional(),
  name: nameSchema,
  description: descriptionSchema.default(""),
});

const poolFields = {
  name: nameSchema,
  /** How many executions may run at one time: of all without a key, and of each key. */
  slots: wholeNumber(1, MAX_POOL_SLOTS, ""),
  description: descriptionSchema.default(""),
};

/** What a person fills in. */
export const poolFieldsSchema = z.strictObject(poolFields);

export const createPoolSchema = z.strictObject({ projectId: idSchema, ...poolFields });

export const poolIdSchema = z.strictObject({ projectId: idSchema, poolId: idSchema });

/** What is not given stays as it is. */
export const updatePoolSchema = poolIdSchema.extend({
  name: poolFields.name.optional(),
  slots: poolFields.slots.optional(),
  description: descriptionSchema.optional(),
});

export const createTaskSchema = z.strictObject({ projectId: idSchema, task: taskFieldsSchema });

export const updateTaskSchema = z.strictObject({
  taskId: idSchema,
  /** The version the change was made from. */
  version: z.int().min(1),
  task: taskFieldsSchema,
});

export const createGraphSchema = z.strictObject({
  projectId: idSchema,
  name: nameSchema,
  description: descriptionSchema.default(""),
});

/** A list of at most `max`; what is longer is refused by the code that the engine uses too. */
function limited<T extends z.ZodType>(item: T, max: number, code: ErrorCode) {
  const message = `At most ${max} are possible.`;
  return z.array(item).refine((list) => list.length <= max, { message, params: { code } });
}

/** A place on the canvas; what is no number or absurdly far becomes 0. */
const coordinateSchema = z
  .unknown()
  .transform((n) => (typeof n === "number" && Number.isFinite(n) && Math.abs(n) < 1e7 ? n + 0 : 0));

/** A whole graph as drawn, tasks included. Ids of new tasks are made by the client. */
export const saveGraphSchema = z.strictObject({
  graphId: idSchema,
  /** The version the drawing was made from; a newer one in the database is a conflict. */
  version: z.int().min(1),
  name: nameSchema,
  description: descriptionSchema.default(""),
  nodes: limited(
    z.strictObject({
      taskId: idSchema,
      /** Version of the task the drawing was made from; 0 for a new task. */
      taskVersion: z.int().min(0),
      x: coordinateSchema,
      y: coordinateSchema,
      task: taskFieldsSchema,
    }),
    MAX_TASKS_PER_GRAPH,
    "too_many_tasks",
  ),
  dependencies: limited(
    z.strictObject({ taskId: idSchema, dependsOnTaskId: idSchema }),
    MAX_DEPENDENCIES_PER_GRAPH,
    "too_many_dependencies",
  ),
});

const scheduling = {
  scheduledAt: scheduledAtSchema.optional(),
  idempotencyKey: idempotencyKeySchema.optional(),
};

/** Starts a saved graph. `version` refuses to start another version than the one the person saw. */
export const runGraphSchema = z.strictObject({
  graphId: idSchema,
  version: z.int().min(1).optional(),
  /** Start only these tasks (ids); their dependencies among each other still hold. */
  taskIds: z.array(idSchema).min(1).max(MAX_TASKS_PER_GRAPH).optional(),
  ...scheduling,
});

export const scheduleTaskSchema = z.strictObject({
  taskId: idSchema,
  overrides: executionOverridesSchema.default({}),
  ...scheduling,
});

export const scheduleTaskBatchSchema = z.strictObject({
  projectId: idSchema,
  name: nameSchema.optional(),
  items: z
    .array(z.strictObject({ taskId: idSchema, overrides: executionOverridesSchema.default({}) }))
    .min(1, "The batch is empty.")
    .max(MAX_TASKS_PER_GRAPH),
  ...scheduling,
});

export const scheduleTaskGraphSchema = z.strictObject({
  projectId: idSchema,
  name: nameSchema.optional(),
  tasks: z.array(
    z.strictObject({
      taskId: idSchema,
      /** Ids of the tasks of this graph that it waits for. */
      dependsOn: z.array(idSchema).default([]),
      overrides: executionOverridesSchema.default({}),
    }),
  ),
  ...scheduling,
});

/** An engine as its workers name it: its address, or what a host provides by itself. */
export const engineSchema = z.strictObject({
  engine: z
    .string()
    .max(500)
    .regex(/^([a-z-]+:\/\/|(process|dagger)@)[\x21-\x7e]+$/, "This is not the name of an engine."),
});

export const executionIdSchema = z.strictObject({ executionId: idSchema });
export const runIdSchema = z.strictObject({ runId: idSchema });
export const cancelExecutionSchema = executionIdSchema.extend({
  force: z.boolean().default(false),
});
export const cancelRunSchema = runIdSchema.extend({ force: z.boolean().default(false) });

export const retryExecutionSchema = executionIdSchema.extend({
  /** Also retries everything downstream that can be retried. */
  downstream: z.boolean().default(false),
});

export type SaveGraphInput = z.input<typeof saveGraphSchema>;
