import * as z from "zod";
import { priorities } from "@/lib/domain/priority";
import { retryStrategies } from "@/lib/domain/retry";
import { TASK_DEFAULTS, type TaskFields } from "@/lib/domain/task-fields";
import { workflowTypes } from "@/lib/domain/workflow";

const entriesSchema = z.array(z.object({ key: z.string(), value: z.string() })).readonly();
const commandSchema = z.array(z.string()).readonly();
const typedNumberSchema = z.union([z.number(), z.string()]);

const stepDraftSchema = z.object({
  name: z.string(),
  image: z.string(),
  command: commandSchema,
  env: entriesSchema,
  workdir: z.string(),
});

/**
 * A task as it stands in the form: whatever was typed, valid or not, with the params of both workflow types, so that
 * changing the type back and forth loses nothing. A schema because the clipboard carries it.
 */
export const taskDraftSchema = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  priority: z.enum(priorities),
  workflowType: z.enum(workflowTypes),
  image: z.string(),
  command: commandSchema,
  workdir: z.string(),
  steps: z.array(stepDraftSchema).readonly(),
  env: entriesSchema,
  inputs: entriesSchema,
  /** Inputs that were numbers or truth values; they stay what they were while their text still is one. */
  inputKinds: z.record(z.string(), z.enum(["number", "boolean"])),
  secrets: entriesSchema,
  retryStrategy: z.enum(retryStrategies),
  maxRetries: typedNumberSchema,
  retryDelaySeconds: typedNumberSchema,
  maxRetryDelaySeconds: typedNumberSchema,
  retryJitter: z.boolean(),
  /** "1, 2, 137"; empty means any. */
  retryOnExitCodes: z.string(),
  retryPermanentErrors: z.boolean(),
  timeoutSeconds: typedNumberSchema,
  /** JSON text; empty means none. */
  metadata: z.string(),
  /** Empty means none, as in drafts of older versions. */
  pool: z.string().default(""),
  poolKey: z.string().default(""),
});

export type TaskDraft = z.infer<typeof taskDraftSchema>;
export type StepDraft = z.infer<typeof stepDraftSchema>;
type Entries = TaskDraft["env"];

const DEFAULT_IMAGE = "alpine:3.20";

/** A task that runs as it is: it prints a line. */
export function newTaskDraft({ name, key }: { name: string; key: string }): TaskDraft {
  return {
    ...TASK_DEFAULTS,
    key,
    name,
    image: DEFAULT_IMAGE,
    command: ["echo", "Hello"],
    workdir: "",
    steps: [newStepDraft()],
    env: [],
    inputs: [],
    inputKinds: {},
    secrets: [],
    retryOnExitCodes: "",
    metadata: "",
    pool: "",
    poolKey: "",
  };
}

export function newStepDraft(): StepDraft {
  return { name: "", image: DEFAULT_IMAGE, command: ["echo", "Hello"], env: [], workdir: "" };
}

/** The form of a stored task. */
export function toTaskDraft(task: TaskFields): TaskDraft {
  const { workflowType, workflowParams, retryOnExitCodes, metadata, pool, poolKey, ...same } = task;
  return {
    ...newTaskDraft(task),
    ...same,
    ...(workflowType === "dagger_pipeline"
      ? { workflowType, steps: workflowParams.steps.map(toStepDraft) }
      : {
          workflowType,
          image: workflowParams.image,
          command: workflowParams.command,
          workdir: workflowParams.workdir ?? "",
        }),
    env: toEntries(workflowParams.env),
    inputs: toEntries(workflowParams.inputs),
    inputKinds: kindsOf(workflowParams.inputs),
    secrets: toEntries(workflowParams.secrets),
    retryOnExitCodes: retryOnExitCodes?.join(", ") ?? "",
    pool: pool ?? "",
    poolKey: poolKey ?? "",
    metadata: Object.keys(metadata).length > 0 ? JSON.stringify(metadata, null, 2) : "",
  };
}

function toStepDraft(step: {
  name: string | null;
  image: string;
  command: string[];
  env: Record<string, string>;
  workdir: string | null;
}): StepDraft {
  return {
    ...step,
    name: step.name ?? "",
    env: toEntries(step.env),
    workdir: step.workdir ?? "",
  };
}

function toEntries(record: Record<string, string | number | boolean>): Entries {
  return Object.entries(record).map(([key, value]) => ({ key, value: String(value) }));
}

function kindsOf(inputs: Record<string, string | number | boolean>): TaskDraft["inputKinds"] {
  const kinds: TaskDraft["inputKinds"] = {};
  for (const [name, value] of Object.entries(inputs))
    if (typeof value !== "string") kinds[name] = typeof value === "number" ? "number" : "boolean";
  return kinds;
}
