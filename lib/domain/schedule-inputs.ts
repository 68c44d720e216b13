import * as z from "zod";
import { idempotencyKeySchema, idSchema, instantSchema, scheduledAtSchema } from "./inputs";
import { MAX_BACKFILL_ACTIVE, MAX_EXPRESSION_LENGTH } from "./limits";
import { priorities } from "./priority";
import { findExpressionProblem, missedFirePolicies, overlapPolicies } from "./schedule";
import { nameSchema } from "./text";
import { findTimeZone } from "./zoned-time";

/** Five fields with single spaces between them. */
const expressionSchema = z
  .string()
  .max(MAX_EXPRESSION_LENGTH, `Use at most ${MAX_EXPRESSION_LENGTH} characters.`)
  .transform((text) => text.trim().replace(/[ \t]+/g, " "))
  .superRefine((expression, ctx) => {
    const message = findExpressionProblem(expression);
    if (message) ctx.addIssue({ code: "custom", message });
  });

const timeZoneSchema = z
  .string()
  .refine((name) => findTimeZone(name) !== null, "Enter a time zone such as Europe/Berlin or UTC.")
  .transform((name) => findTimeZone(name) ?? name);

const LATEST = Date.UTC(2100, 0, 1);
const boundSchema = instantSchema
  .refine((at) => at.getTime() <= LATEST, "The time lies after the year 2100.")
  .nullable()
  .default(null);

const common = {
  name: nameSchema,
  enabled: z.boolean().default(true),
  missedFires: z.enum(missedFirePolicies).default("catch_up"),
  overlap: z.enum(overlapPolicies).default("allow"),
  /** Of every execution of its runs; null leaves each task its own. */
  priority: z.enum(priorities).nullable().default(null),
};

const cronFieldsSchema = z
  .strictObject({
    kind: z.literal("cron"),
    ...common,
    expression: expressionSchema,
    timeZone: timeZoneSchema,
    startsAt: boundSchema,
    endsAt: boundSchema,
  })
  .refine(({ startsAt, endsAt }) => !startsAt || !endsAt || startsAt < endsAt, {
    message: "The end must come after the start.",
    path: ["endsAt"],
  });

const onceFieldsSchema = z.strictObject({
  kind: z.literal("once"),
  ...common,
  onceAt: scheduledAtSchema,
  timeZone: timeZoneSchema.default("UTC"),
});

/** Every field of a schedule that a person fills in; the same schema in the form, the actions and the API. */
export const scheduleFieldsSchema = z.discriminatedUnion("kind", [
  cronFieldsSchema,
  onceFieldsSchema,
]);

export type ScheduleFields = z.output<typeof scheduleFieldsSchema>;
export type ScheduleFieldsInput = z.input<typeof scheduleFieldsSchema>;

export const createScheduleSchema = z.strictObject({
  graphId: idSchema,
  schedule: scheduleFieldsSchema,
});

export const updateScheduleSchema = z.strictObject({
  scheduleId: idSchema,
  /** The version the change was made from. */
  version: z.int().min(1),
  schedule: scheduleFieldsSchema,
});

export const scheduleIdSchema = z.strictObject({ scheduleId: idSchema });
export const enableScheduleSchema = scheduleIdSchema.extend({ enabled: z.boolean() });
export const runScheduleSchema = scheduleIdSchema.extend({
  idempotencyKey: idempotencyKeySchema.optional(),
});

/** A range of fire times: from the first moment on, up to before the second. */
const rangeSchema = scheduleIdSchema.extend({ from: instantSchema, to: instantSchema });
const inOrder = {
  check: ({ from, to }: { from: Date; to: Date }) => from < to,
  refusal: { message: "The end must come after the start.", path: ["to"] },
};

export const previewBackfillSchema = rangeSchema.refine(inOrder.check, inOrder.refusal);

const activeMessage = `Enter a whole number from 1 to ${MAX_BACKFILL_ACTIVE}.`;

export const startBackfillSchema = rangeSchema
  .extend({
    /** How many of its runs may be active at once; null for any number. */
    maxActiveRuns: z
      .int(activeMessage)
      .min(1, activeMessage)
      .max(MAX_BACKFILL_ACTIVE, activeMessage)
      .nullable()
      .default(1),
    priority: z.enum(priorities).nullable().default("LOW"),
  })
  .refine(inOrder.check, inOrder.refusal);

export const backfillIdSchema = z.strictObject({ backfillId: idSchema });
