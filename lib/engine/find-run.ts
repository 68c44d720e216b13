import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";
import { type Execution, lockExecutions, lockRuns, type Run } from "./locks";
import { notFound } from "./not-found";

/** Locks a run; throws an EngineError `not_found` when there is none. */
export async function lockRun(
  tx: Db,
  runId: string,
): Promise<{ run: Run; runs: Map<string, Run> }> {
  const runs = await lockRuns(tx, [runId]);
  const run = runs.get(runId);
  if (!run) throw notFound("run", runId);
  return { run, runs };
}

/** Locks an execution and, before it, its run; throws an EngineError `not_found` when there is none. */
export async function lockExecution(
  tx: Db,
  executionId: string,
): Promise<{ execution: Execution; run: Run; runs: Map<string, Run> }> {
  const [found] = await tx
    .select({ runId: executions.runId })
    .from(executions)
    .where(eq(executions.id, executionId));
  if (!found) throw notFound("execution", executionId);
  const locked = await lockRun(tx, found.runId);
  const [execution] = await lockExecutions(tx, [executionId]);
  if (!execution) throw notFound("execution", executionId);
  return { ...locked, execution };
}
