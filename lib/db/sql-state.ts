/** The SQLSTATE of an error of Postgres or of the code of a network error, also when Drizzle has wrapped it; else null. */
export function sqlStateOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return null;
}

/** Whether the database cannot be reached or cannot work at present, so that asking again later may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error) ?? "";
  return (
    /^(08|57P0|53)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|CONNECTION_|CONNECT_TIMEOUT)/.test(
      code,
    )
  );
}

/**
 * Whether the same work may succeed later: the database is unavailable or read-only for a while, a lock was not to be had, a
 * statement was cancelled. Everything else is refused again however often it is asked.
 */
export function mayPass(error: unknown): boolean {
  return isDatabaseUnavailable(error) || /^(25006|40|55|57|58)/.test(sqlStateOf(error) ?? "");
}
