import { and, eq, inArray } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { tasks } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { scheduleTaskBatchSchema } from "@/lib/domain/inputs";
import { parseInput } from "@/lib/domain/parse-input";
import { workflowParamsSchemas } from "@/lib/domain/workflow";
import { type CreatedRun, createRun, requestOf } from "./create-run";
import { findPoolProblem, listPoolIds } from "./find-pools";
import { requireProject } from "./require-project";
import { transact } from "./transaction";

type BatchInput = z.output<typeof scheduleTaskBatchSchema> & { actor: Actor };
type Item = BatchInput["items"][number];

export type BatchResult = {
  /** Null when no item could be started. */
  runId: string | null;
  successful: CreatedRun["executions"];
  failed: { taskId: string; error: string }[];
};

/** Starts tasks beside each other in one run. Items that cannot be started are reported; the others start. */
export async function scheduleTaskBatch(db: Db, input: BatchInput): Promise<BatchResult> {
  return transact(db, async (tx) => {
    const { items, ...rest } = input;
    await requireProject(tx, input.projectId);
    const rows = await tx
      .select({
        id: tasks.id,
        key: tasks.key,
        workflowType: tasks.workflowType,
        poolId: tasks.poolId,
      })
      .from(tasks)
      .where(
        and(
          eq(tasks.projectId, input.projectId),
          inArray(
            tasks.id,
            items.map((i) => i.taskId),
          ),
        ),
      );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const names = items.map(({ overrides }) => overrides.pool);
    const pools = await listPoolIds(tx, { projectId: input.projectId, names });
    const checked = items.map((item) => ({
      item,
      error: findItemProblem(item, byId.get(item.taskId), pools),
    }));
    const failed = checked.flatMap(({ item, error }) =>
      error ? [{ taskId: item.taskId, error }] : [],
    );
    const good = checked.filter(({ error }) => error === null).map(({ item }) => item);
    if (good.length === 0) return { runId: null, successful: [], failed };
    const run = await createRun(tx, {
      ...rest,
      request: requestOf(input),
      source: "batch",
      name: input.name ?? `Batch of ${good.length}`,
      nodes: numberKeys(good, (item) => byId.get(item.taskId)?.key ?? item.taskId),
    });
    return { runId: run.runId, successful: run.executions, failed };
  });
}

function findItemProblem(
  item: Item,
  task: { workflowType: keyof typeof workflowParamsSchemas; poolId: string | null } | undefined,
  pools: ReadonlyMap<string, string>,
): string | null {
  if (!task) return `There is no task ${item.taskId} in this project.`;
  const poolProblem = findPoolProblem(item.overrides, { task, known: pools });
  if (poolProblem) return poolProblem;
  if (item.overrides.workflowParams === undefined) return null;
  try {
    parseInput(workflowParamsSchemas[task.workflowType], item.overrides.workflowParams);
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

/** A task may stand in a batch more than once: from the second time on its key gets a number. */
function numberKeys(items: readonly Item[], keyOf: (item: Item) => string) {
  const seen = new Map<string, number>();
  const taken = new Set<string>(items.map(keyOf));
  return items.map((item) => {
    const base = keyOf(item);
    let n = (seen.get(base) ?? 0) + 1;
    while (n > 1 && taken.has(`${base}.${n}`)) n++;
    seen.set(base, n);
    const key = n === 1 ? base : `${base}.${n}`;
    return { key, taskId: item.taskId, dependsOn: [], overrides: item.overrides };
  });
}
