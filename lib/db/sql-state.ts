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
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|CONNECTION_|CONNECT_TIMEOUT)/.test(code)
  );
}
