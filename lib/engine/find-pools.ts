import { and, asc, eq, inArray } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { pools } from "@/lib/db/schema/projects";
import { EngineError, type ErrorDetail } from "@/lib/domain/errors";
import { type ExecutionOverrides, KEY_WITHOUT_POOL } from "@/lib/domain/task-fields";

/** A pool as an input names it, and where. */
type Named = { pool: string | null | undefined; path: string };

/**
 * Finds the pools that an input names and keeps them from being deleted until the transaction ends; refuses names that no
 * pool of the project has. Returns what gives the id of a named pool, and null of none.
 */
export async function findPools(
  tx: Db,
  { projectId, named }: { projectId: string; named: readonly Named[] },
): Promise<(pool: string | null | undefined) => string | null> {
  const ids = await listPoolIds(tx, { projectId, names: named.map(({ pool }) => pool) });
  const unknown = named.flatMap(({ pool, path }): ErrorDetail[] =>
    pool == null || ids.has(pool) ? [] : [{ path, message: noPool(pool) }],
  );
  const [first] = unknown;
  if (first) throw new EngineError("invalid", first.message, unknown);
  return (pool) => ids.get(pool ?? "") ?? null;
}

/** Ids of the pools with these names, as far as there are such, kept from being deleted until the transaction ends. */
export async function listPoolIds(
  tx: Db,
  input: { projectId: string; names: readonly (string | null | undefined)[] },
): Promise<Map<string, string>> {
  const names = [...new Set(input.names.flatMap((name) => name ?? []))];
  if (names.length === 0) return new Map();
  const rows = await tx
    .select({ id: pools.id, name: pools.name })
    .from(pools)
    .where(and(eq(pools.projectId, input.projectId), inArray(pools.name, names)))
    .orderBy(asc(pools.id))
    .for("key share");
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** Why an execution cannot have the pool and key given for it: a sentence, or null when it can. */
export function findPoolProblem(
  { pool, poolKey }: ExecutionOverrides,
  { task, known }: { task: { poolId: string | null }; known: ReadonlyMap<string, string> },
): string | null {
  if (pool != null && !known.has(pool)) return noPool(pool);
  const hasPool = pool === undefined ? task.poolId !== null : pool !== null;
  return poolKey != null && !hasPool ? KEY_WITHOUT_POOL : null;
}

function noPool(name: string): string {
  return `The project has no pool named "${name}"; add it on the project's page, or choose another.`;
}
