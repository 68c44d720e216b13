import * as z from "zod";
import { findJsonProblem, type JsonValue } from "./json";
import {
  MAX_PARAMS_BYTES,
  MAX_RETRIES,
  MAX_RETRY_DELAY_SECONDS,
  MAX_TIMEOUT_SECONDS,
} from "./limits";
import { priorities } from "./priority";
import { retryStrategies } from "./retry";
import { descriptionSchema, nameSchema, poolKeySchema, taskKeySchema } from "./text";
import { wholeNumber } from "./whole-number";
import { workflowSchema, workflowTypes } from "./workflow";

const metadataSchema = z
  .custom<Record<string, JsonValue>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "Enter a JSON object.",
  )
  .superRefine((value, ctx) => {
    const problem = findJsonProblem(value, MAX_PARAMS_BYTES);
    if (problem) ctx.addIssue({ code: "custom", message: `The metadata ${problem}.` });
  });

const scheduling = {
  priority: z.enum(priorities),
  retryStrategy: z.enum(retryStrategies),
  maxRetries: wholeNumber(0, MAX_RETRIES, ""),
  retryDelaySeconds: wholeNumber(0, MAX_RETRY_DELAY_SECONDS, " seconds"),
  maxRetryDelaySeconds: wholeNumber(0, MAX_RETRY_DELAY_SECONDS, " seconds"),
  retryJitter: z.boolean(),
  retryOnExitCodes: z
    .array(wholeNumber(0, 255, ""))
    .min(1)
    .max(50)
    .nullable(),
  retryPermanentErrors: z.boolean(),
  timeoutSeconds: wholeNumber(1, MAX_TIMEOUT_SECONDS, " seconds"),
  metadata: metadataSchema,
  /** Name of the pool whose slots it takes. */
  pool: nameSchema.nullable(),
  /** It shares these slots with the executions of the same key alone. */
  poolKey: poolKeySchema.nullable(),
};

/** The specification's defaults. */
export const TASK_DEFAULTS = {
  description: "",
  priority: "MEDIUM",
  workflowType: "containerized_workflow",
  retryStrategy: "EXPONENTIAL_BACKOFF",
  maxRetries: 3,
  retryDelaySeconds: 5,
  maxRetryDelaySeconds: 3600,
  retryJitter: false,
  retryOnExitCodes: null,
  retryPermanentErrors: false,
  timeoutSeconds: 3600,
  metadata: {},
  pool: null,
  poolKey: null,
} as const;

const fields = z.strictObject({
  key: taskKeySchema,
  name: nameSchema,
  description: descriptionSchema.default(TASK_DEFAULTS.description),
  workflowType: z.enum(workflowTypes).default(TASK_DEFAULTS.workflowType),
  workflowParams: z.unknown(),
  priority: scheduling.priority.default(TASK_DEFAULTS.priority),
  retryStrategy: scheduling.retryStrategy.default(TASK_DEFAULTS.retryStrategy),
  maxRetries: scheduling.maxRetries.default(TASK_DEFAULTS.maxRetries),
  retryDelaySeconds: scheduling.retryDelaySeconds.default(TASK_DEFAULTS.retryDelaySeconds),
  maxRetryDelaySeconds: scheduling.maxRetryDelaySeconds.default(TASK_DEFAULTS.maxRetryDelaySeconds),
  retryJitter: scheduling.retryJitter.default(TASK_DEFAULTS.retryJitter),
  retryOnExitCodes: scheduling.retryOnExitCodes.default(TASK_DEFAULTS.retryOnExitCodes),
  retryPermanentErrors: scheduling.retryPermanentErrors.default(TASK_DEFAULTS.retryPermanentErrors),
  timeoutSeconds: scheduling.timeoutSeconds.default(TASK_DEFAULTS.timeoutSeconds),
  metadata: scheduling.metadata.default({}),
  pool: scheduling.pool.default(TASK_DEFAULTS.pool),
  poolKey: scheduling.poolKey.default(TASK_DEFAULTS.poolKey),
});

/** Every field of a task that a person fills in; the same schema in the form, the actions, the API and imports. */
export const taskFieldsSchema = fields.transform((task, ctx) => {
  if (task.poolKey !== null && task.pool === null)
    ctx.addIssue({ code: "custom", message: KEY_WITHOUT_POOL, path: ["poolKey"] });
  const workflow = workflowSchema.safeParse({
    workflowType: task.workflowType,
    workflowParams: task.workflowParams,
  });
  if (workflow.success) return { ...task, ...workflow.data };
  for (const issue of workflow.error.issues)
    ctx.addIssue({
      code: "custom",
      // What is wrong with a name of a record stands one level deeper.
      message: (issue.code === "invalid_key" && issue.issues[0]?.message) || issue.message,
      path: issue.path,
      params: "params" in issue ? issue.params : undefined,
    });
  return z.NEVER;
});

export type TaskFields = z.output<typeof taskFieldsSchema>;
export type TaskFieldsInput = z.input<typeof taskFieldsSchema>;

/** What is wrong with a key where no pool is named. */
export const KEY_WITHOUT_POOL = "A key belongs to a pool: choose one, or leave the key out.";

/** What one execution may have different from its task. */
export const executionOverridesSchema = z
  .strictObject({ ...scheduling, workflowParams: z.unknown() })
  .partial();

export type ExecutionOverrides = z.output<typeof executionOverridesSchema>;
