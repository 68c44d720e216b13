import { parseJson } from "@/lib/domain/json";
import type { StepDraft, TaskDraft } from "./task-draft";

/**
 * What the form holds in the shape of `taskFieldsSchema`, which says whether it is right. What cannot be brought into
 * shape stays as it is, so that the schema refuses it in words.
 */
export function toTaskInput(draft: TaskDraft) {
  const { name, key, description, priority, workflowType } = draft;
  return {
    name,
    key,
    description,
    priority,
    workflowType,
    workflowParams: workflowType === "dagger_pipeline" ? pipelineParams(draft) : imageParams(draft),
    retryStrategy: draft.retryStrategy,
    maxRetries: draft.maxRetries,
    retryDelaySeconds: draft.retryDelaySeconds,
    maxRetryDelaySeconds: draft.maxRetryDelaySeconds,
    retryJitter: draft.retryJitter,
    retryOnExitCodes: exitCodes(draft.retryOnExitCodes),
    retryPermanentErrors: draft.retryPermanentErrors,
    timeoutSeconds: draft.timeoutSeconds,
    metadata: metadataOf(draft.metadata),
    pool: orNull(draft.pool),
    // What was typed for a pool that was taken off again stays in the form and means nothing.
    poolKey: draft.pool === "" ? null : orNull(draft.poolKey),
  };
}

function imageParams(draft: TaskDraft) {
  const { image, command, workdir } = draft;
  return { image: image.trim(), command, workdir: orNull(workdir), ...sharedParams(draft) };
}

function pipelineParams(draft: TaskDraft) {
  return { steps: draft.steps.map(stepParams), ...sharedParams(draft) };
}

function stepParams({ name, image, command, env, workdir }: StepDraft) {
  return {
    name: orNull(name),
    image: image.trim(),
    command,
    env: toRecord(env),
    workdir: orNull(workdir),
  };
}

function sharedParams({ env, inputs, inputKinds, secrets }: TaskDraft) {
  const typed = filledEntries(inputs).map(({ key, value }) => [
    key,
    toKind(value, inputKinds[key]),
  ]);
  return { env: toRecord(env), inputs: Object.fromEntries(typed), secrets: toRecord(secrets) };
}

/** Rows that were added and not filled in yet are no mistake. */
export function filledEntries(entries: TaskDraft["env"]): TaskDraft["env"] {
  return entries.filter(({ key, value }) => key !== "" || value !== "");
}

function toRecord(entries: TaskDraft["env"]): Record<string, string> {
  return Object.fromEntries(filledEntries(entries).map(({ key, value }) => [key.trim(), value]));
}

function toKind(text: string, kind: "number" | "boolean" | undefined): string | number | boolean {
  if (kind === "number" && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  if (kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** "1, 2 137" as numbers; a part that is none stays text. */
function exitCodes(text: string): (number | string)[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  if (parts.length === 0) return null;
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function metadataOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}
