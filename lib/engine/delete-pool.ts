import { and, asc, eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { pools, tasks } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { notFound } from "./not-found";
import { notifyChange, notifyQueue } from "./notify-change";
import { transact } from "./transaction";

/** How many tasks a refusal names. */
const NAMED_TASKS = 5;

/** Deletes a pool that no task names. Executions that were started with it stay, and nothing limits them any more. */
export async function deletePool(
  db: Db,
  input: { projectId: string; poolId: string; actor: Actor },
): Promise<Record<string, never>> {
  const { poolId } = input;
  return transact(db, async (tx) => {
    // The lock also makes a task that is being saved with this pool wait, so none is missed below.
    const [pool] = await tx
      .select({ name: pools.name })
      .from(pools)
      .where(and(eq(pools.id, poolId), eq(pools.projectId, input.projectId)))
      .for("update");
    if (!pool) throw notFound("pool", poolId);
    const names = await listTasksOf(tx, poolId);
    if (names.length > 0) throw namedBy(pool.name, names);
    await tx.delete(pools).where(eq(pools.id, poolId));
    await notifyQueue(tx);
    await notifyChange(tx, "projects");
    return {};
  });
}

async function listTasksOf(tx: Db, poolId: string): Promise<string[]> {
  const rows = await tx
    .select({ name: tasks.name })
    .from(tasks)
    .where(eq(tasks.poolId, poolId))
    .orderBy(asc(tasks.name), asc(tasks.id));
  return rows.map(({ name }) => name);
}

function namedBy(pool: string, taskNames: string[]): EngineError {
  const shown = taskNames.slice(0, NAMED_TASKS).map((name) => `"${name}"`);
  const others = taskNames.length - shown.length;
  const list = `${shown.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
  const what = taskNames.length === 1 ? "task" : "tasks";
  return new EngineError(
    "conflict",
    `The pool "${pool}" is used by the ${what} ${list}; take it off there first.`,
  );
}
