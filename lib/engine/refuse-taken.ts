import { sqlStateOf } from "@/lib/db/sql-state";
import { EngineError } from "@/lib/domain/errors";

const UNIQUE_VIOLATION = "23505";

/**
 * Turns the violation of a unique constraint into the refusal `conflict` with the sentence given for that constraint. Goes
 * around the transaction, which the violation has ended.
 */
export async function refuseTaken<T>(
  sentences: Record<string, string>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    const constraint = constraintOf(error);
    const sentence = Object.hasOwn(sentences, constraint) ? sentences[constraint] : undefined;
    if (sentence === undefined) throw error;
    throw new EngineError("conflict", sentence);
  }
}

function constraintOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("constraint_name" in at && typeof at.constraint_name === "string")
      return at.constraint_name;
  }
  return "";
}
