import * as z from "zod";
import { isImageReference } from "./image-reference";
import { utf8Length } from "./json";
import { MAX_ARGUMENTS, MAX_ENV_BYTES, MAX_ENV_VARIABLES, MAX_PARAMS_BYTES } from "./limits";
import { nameSchema, programTextSchema } from "./text";

export const workflowTypes = ["containerized_workflow", "dagger_pipeline"] as const;

export type WorkflowType = (typeof workflowTypes)[number];

const MAX_STEPS = 50;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** Names the engine sets itself. */
const RESERVED_VARIABLE = /^(DAGLINE_.*|TASK_OUTPUT)$/;

const variableNameSchema = z
  .string()
  .regex(VARIABLE, 'Use letters, digits and "_", not starting with a digit.')
  .refine((name) => !RESERVED_VARIABLE.test(name), "This name is set by Dagline itself.");

/** A record of named values. Zod passes over a key "__proto__" without a word, so it is refused before. */
function recordOf<K extends z.ZodString, V extends z.ZodType>(key: K, value: V) {
  return z
    .unknown()
    .refine(
      (given) => !isRecord(given) || !Object.hasOwn(given, "__proto__"),
      'The name "__proto__" is not possible.',
    )
    .pipe(z.record(key, value));
}

const envSchema = recordOf(variableNameSchema, programTextSchema)
  .refine(
    (env) => Object.keys(env).length <= MAX_ENV_VARIABLES,
    `Use at most ${MAX_ENV_VARIABLES} variables.`,
  )
  .refine(
    (env) =>
      Object.entries(env).reduce((sum, [k, v]) => sum + utf8Length(k + v) + 2, 0) <= MAX_ENV_BYTES,
    `All variables together may take at most ${MAX_ENV_BYTES} bytes.`,
  );

const commandSchema = z
  .array(programTextSchema, "Give the command as a list: the program, then each argument.")
  .min(1, "Enter the program to run.")
  .max(MAX_ARGUMENTS, `Use at most ${MAX_ARGUMENTS} arguments.`)
  .refine((command) => command[0]?.trim() !== "", "Enter the program to run.");

const imageSchema = z
  .string()
  .refine(
    isImageReference,
    'Enter an image reference such as "alpine:3.20" or "registry.example/team/app@sha256:…".',
  );

const workdirSchema = z
  .string()
  .max(1024)
  .regex(/^(?!\/)\P{C}+$/u, "Enter a folder below the task's own, without a leading slash.")
  .refine((path) => !path.split("/").includes(".."), 'The folder must not contain "..".');

/** Name of a secret that the worker's operator has configured. */
const secretNameSchema = z.string().regex(VARIABLE, "Enter the name of a configured secret.");

const inputsSchema = recordOf(
  z.string().regex(VARIABLE, 'Use letters, digits and "_", not starting with a digit.'),
  z.union([programTextSchema, z.number(), z.boolean()]),
);

const shared = {
  env: envSchema.default({}),
  /** Given to the command as INPUT_<NAME>. */
  inputs: inputsSchema.default({}),
  /** Variable name to secret name. */
  secrets: recordOf(variableNameSchema, secretNameSchema).default({}),
};

const containerizedSchema = z.strictObject({
  image: imageSchema,
  command: commandSchema,
  workdir: workdirSchema.nullable().default(null),
  ...shared,
});

const pipelineSchema = z.strictObject({
  steps: z
    .array(
      z.strictObject({
        name: nameSchema.nullable().default(null),
        image: imageSchema,
        command: commandSchema,
        env: envSchema.default({}),
        workdir: workdirSchema.nullable().default(null),
      }),
    )
    .min(1, "Add at least one step.")
    .max(MAX_STEPS, `Use at most ${MAX_STEPS} steps.`),
  ...shared,
});

/** The specification's shape, `inputs: { container_image, command }`, becomes image and command of their own. */
function normalise(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value.inputs) || !("container_image" in value.inputs))
    return value;
  const { container_image: image, command, ...inputs } = value.inputs;
  return { image, command, ...value, inputs };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One strict schema of params per workflow type. */
export const workflowParamsSchemas = {
  containerized_workflow: z.preprocess(normalise, containerizedSchema),
  dagger_pipeline: pipelineSchema,
} as const satisfies Record<WorkflowType, z.ZodType>;

/** A workflow: a type and params that fit it, at most 64 KiB of them. */
export const workflowSchema = z
  .discriminatedUnion("workflowType", [
    z.object({
      workflowType: z.literal("containerized_workflow"),
      workflowParams: workflowParamsSchemas.containerized_workflow,
    }),
    z.object({
      workflowType: z.literal("dagger_pipeline"),
      workflowParams: workflowParamsSchemas.dagger_pipeline,
    }),
  ])
  .refine((workflow) => utf8Length(JSON.stringify(workflow.workflowParams)) <= MAX_PARAMS_BYTES, {
    path: ["workflowParams"],
    message: `The params may take at most ${MAX_PARAMS_BYTES} bytes.`,
  });

export type Workflow = z.infer<typeof workflowSchema>;
