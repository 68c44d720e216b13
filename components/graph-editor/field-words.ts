import type { TaskDraft } from "./task-draft";

/** How the fields of a task are called in sentences. */
export const FIELD_WORDS = {
  name: "name",
  key: "key",
  description: "description",
  priority: "priority",
  workflowType: "workflow type",
  image: "image",
  command: "command",
  workdir: "working folder",
  steps: "steps",
  env: "variables",
  inputs: "inputs",
  inputKinds: "inputs",
  secrets: "secrets",
  retryStrategy: "retry strategy",
  maxRetries: "max retries",
  retryDelaySeconds: "retry delay",
  maxRetryDelaySeconds: "max retry delay",
  retryJitter: "jitter",
  retryOnExitCodes: "exit codes to retry",
  retryPermanentErrors: "retry of permanent errors",
  timeoutSeconds: "timeout",
  metadata: "metadata",
  pool: "pool",
  poolKey: "pool key",
} as const satisfies Record<keyof TaskDraft, string>;

/** The field a path of the schema leads to: "workflowParams.command[0]" is "command". */
export function fieldWords(path: string): string {
  const [, field = ""] = /^(?:workflowParams\.)?([A-Za-z]+)/.exec(path) ?? [];
  return Object.entries(FIELD_WORDS).find(([name]) => name === field)?.[1] ?? "";
}
