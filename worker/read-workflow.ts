import { findReferencedTasks, parseWorkflow } from "@/lib/domain/to-pipeline";
import type { Workflow } from "@/lib/domain/workflow";

/** A workflow and the task keys whose outputs it refers to. */
type ReadWorkflow = { workflow: Workflow; taskKeys: readonly string[] };

const MAX_KEPT = 500;
/** Longer ones are rare, and 500 of these take 4 MB. */
const MAX_KEPT_LENGTH = 4096;

/** By their text, the oldest first. */
const kept = new Map<string, ReadWorkflow>();

/**
 * Checks a stored workflow; throws an EngineError `invalid` that says what is wrong with it. What a worker runs are mostly
 * the same few workflows, and to check one takes longer than all else it does for an attempt: those of late are kept. Nobody
 * may change what is returned.
 */
export function readWorkflow(stored: {
  workflowType: string;
  workflowParams: unknown;
}): ReadWorkflow {
  const text = `${stored.workflowType} ${JSON.stringify(stored.workflowParams)}`;
  const known = kept.get(text);
  if (known) return known;
  const workflow = parseWorkflow(stored);
  const read = { workflow, taskKeys: findReferencedTasks(workflow) };
  if (text.length <= MAX_KEPT_LENGTH) keep(text, read);
  return read;
}

function keep(text: string, read: ReadWorkflow): void {
  kept.set(text, read);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size > MAX_KEPT) kept.delete(oldest);
}
