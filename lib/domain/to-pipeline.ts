import { EngineError } from "./errors";
import type { JsonValue } from "./json";
import { parseInput } from "./parse-input";
import type { Pipeline, PipelineStep } from "./pipeline";
import { referencedTasks, resolveReferences, type TaskOutputs } from "./references";
import { type Workflow, workflowSchema } from "./workflow";

/** What an attempt knows besides its workflow. */
export type PipelineContext = {
  outputs: TaskOutputs;
  /** Configured secrets by name. */
  secrets: Readonly<Record<string, string>>;
  /** Variables the engine sets for every step. */
  env: Readonly<Record<string, string>>;
};

/** Checks a stored workflow once more; throws an EngineError `invalid` that says what is wrong with it. */
export function parseWorkflow(stored: { workflowType: string; workflowParams: unknown }): Workflow {
  return parseInput(workflowSchema, stored);
}

/** Task keys whose outputs a workflow refers to. */
export function findReferencedTasks(workflow: Workflow): string[] {
  return referencedTasks(JSON.stringify(workflow.workflowParams));
}

/**
 * Makes a workflow concrete: references filled in, inputs as INPUT_<NAME>, secrets looked up. Throws an EngineError
 * `invalid` naming a reference without a value or a secret that is not configured.
 */
export function toPipeline(workflow: Workflow, context: PipelineContext): Pipeline {
  const { workflowParams: params } = workflow;
  const fill = (text: string) => resolveReferences(text, context.outputs);
  const fillAll = (env: Record<string, string>) => mapValues(env, fill);
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(params.inputs))
    inputs[`INPUT_${name.toUpperCase()}`] = fill(String(value));
  const common = { ...inputs, ...fillAll(params.env) };
  const steps: PipelineStep[] = stepsOf(workflow).map((step) => ({
    ...step,
    command: step.command.map(fill),
    env: { ...common, ...fillAll(step.env), ...context.env },
  }));
  return {
    steps,
    secrets: mapValues(params.secrets, (name) => requireSecret(name, context.secrets)),
  };
}

function stepsOf({ workflowType, workflowParams }: Workflow): PipelineStep[] {
  switch (workflowType) {
    case "containerized_workflow": {
      const { image, command, workdir } = workflowParams;
      return [{ name: null, image, command, workdir, env: {} }];
    }
    case "dagger_pipeline":
      return workflowParams.steps;
  }
}

function requireSecret(name: string, secrets: Readonly<Record<string, string>>): string {
  const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (value !== undefined) return value;
  const message = `The secret "${name}" is not configured; set DAGLINE_SECRET_${name} for the worker.`;
  throw new EngineError("invalid", message);
}

function mapValues<V extends JsonValue>(
  record: Record<string, V>,
  map: (value: V) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
