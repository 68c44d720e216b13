import type { Db } from "@/lib/db/database";
import { isDatabaseUnavailable } from "@/lib/db/sql-state";
import { openPage } from "./page";
import type { Permission } from "./permissions";

/**
 * What a page shows at first. Undefined while the database is away: the screen then asks by itself, says so, and heals,
 * which an error page would not.
 */
export async function readForPage<T>(
  permission: Permission,
  read: (db: Db) => Promise<T>,
): Promise<T | undefined> {
  const { db } = await openPage(permission);
  try {
    return await read(db);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return undefined;
  }
}
