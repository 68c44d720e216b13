import * as z from "zod";
import { idSchema } from "./inputs";
import { findTextProblem } from "./json";
import { MAX_NAME_LENGTH, MAX_PAGE_SIZE } from "./limits";
import { type Priority, priorities } from "./priority";
import { executionStatuses, runStatuses } from "./status";

/** What a list or a page may be asked for: the parameters of an address, which are texts, each at most once. */

const DEFAULT_PAGE_SIZE = 50;

/** Digits alone: "0x10", " 7 ", "1e3" and "-1" are refused, not guessed at. */
function numberSchema(min: number, max: number) {
  const message = `Enter a whole number from ${min} to ${max}.`;
  return z
    .string(message)
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((n) => n >= min && n <= max, message);
}

/** A parameter that may be repeated: `status=FAILED&status=TIMEOUT`. */
function listSchema<const T extends string>(values: readonly T[]) {
  const message = `Use one of ${values.join(", ")}; repeat the parameter for several.`;
  return z
    .preprocess(
      (value) => (typeof value === "string" ? [value] : value),
      z.array(z.enum(values, message)).max(values.length * 2),
    )
    .transform((list) => [...new Set(list)]);
}

/** Text to search for, taken literally; an empty one searches for nothing. */
const searchTextSchema = z
  .string()
  .max(MAX_NAME_LENGTH, `Use at most ${MAX_NAME_LENGTH} characters.`)
  .superRefine((text, ctx) => {
    const problem = findTextProblem(text);
    if (!problem) return;
    ctx.addIssue({
      code: "custom",
      message: `The text ${problem}.`,
      params: { code: "invalid_character" },
    });
  })
  .transform((text) => text.normalize("NFC").trim() || undefined);

/** Given out with the page before; the query that made it checks what is in it. */
const cursorSchema = z.string().regex(/^[\x21-\x7e]{1,200}$/, "This is not a cursor.");

const limit = numberSchema(1, MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE);

/** Of a read that takes no parameters. */
export const nothingSchema = z.strictObject({});
export const projectIdSchema = z.strictObject({ projectId: idSchema });
export const taskIdSchema = z.strictObject({ taskId: idSchema });
export const graphIdSchema = z.strictObject({ graphId: idSchema });

export const listRunsSchema = z.strictObject({
  projectId: idSchema.optional(),
  graphId: idSchema.optional(),
  scheduleId: idSchema.optional(),
  status: listSchema(runStatuses).optional(),
  text: searchTextSchema.optional(),
  cursor: cursorSchema.optional(),
  limit,
});

export const listSchedulesSchema = z.strictObject({
  projectId: idSchema.optional(),
  graphId: idSchema.optional(),
});

const executionFilters = {
  projectId: idSchema.optional(),
  graphId: idSchema.optional(),
  runId: idSchema.optional(),
  taskId: idSchema.optional(),
  priority: listSchema<Priority>(priorities).optional(),
  text: searchTextSchema.optional(),
};

export const countExecutionsSchema = z.strictObject(executionFilters);

export const listExecutionsSchema = z.strictObject({
  ...executionFilters,
  status: listSchema(executionStatuses).optional(),
  cursor: cursorSchema.optional(),
  limit,
  /** For programs that page by number; screens use the cursor. */
  offset: numberSchema(0, 9_999_999).optional(),
});

const attempt = numberSchema(1, 9_999_999);
/** A task that prints without end has billions of lines, of which the middle is dropped. */
const line = numberSchema(0, 9_999_999_999);

export const readLogSchema = z.strictObject({
  executionId: idSchema,
  attempt,
  /** The first line wanted, counted from 0. */
  from: line.default(0),
});

export const downloadLogSchema = z.strictObject({ executionId: idSchema, attempt });

export const readStatsSchema = z.strictObject({ projectId: idSchema.optional() });
