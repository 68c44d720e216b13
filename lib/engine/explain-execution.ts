import type { Db } from "@/lib/db/database";
import { listExplanations } from "@/lib/db/queries/explanations";
import type { Explanation } from "@/lib/domain/explain";

/**
 * Why an execution waits, from the conditions of the claim. Null when it does not wait: a worker holds it, it is final, or
 * there is none.
 */
export async function explainExecution(
  db: Db,
  input: { executionId: string; aliveWithinSeconds?: number },
): Promise<Explanation | null> {
  const { executionId, ...rest } = input;
  const explanations = await listExplanations(db, { executionIds: [executionId], ...rest });
  return explanations.get(executionId) ?? null;
}
