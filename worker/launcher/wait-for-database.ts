import { setTimeout as sleep } from "node:timers/promises";
import { openConnection } from "@/lib/db/open-connection";
import { say } from "./say";
import { StartError } from "./start-error";

const OLDEST_VERSION = 15;
const RETRY_MS = 500;
const REPORT_EVERY_MS = 5_000;
/** Wrong password, no such user, no such database: waiting does not help. */
const HOPELESS = ["28P01", "28000", "3D000"];

type Options = { url: string; timeoutMs?: number };

/** Returns when the database answers; throws a StartError when it does not in time, or is too old. */
export async function waitForDatabase({ url, timeoutMs = 60_000 }: Options): Promise<void> {
  const started = Date.now();
  let reported = started - REPORT_EVERY_MS + RETRY_MS;
  for (;;) {
    const failure = await tryDatabase(url);
    if (failure === null) return;
    if (Date.now() - started + RETRY_MS > timeoutMs || HOPELESS.includes(failure.code)) {
      throw new StartError(
        `The database at ${place(url)} cannot be used: ${failure.message}. Check DATABASE_URL and that PostgreSQL runs there, or unset it to use the embedded one.`,
      );
    }
    if (Date.now() - reported >= REPORT_EVERY_MS) {
      reported = Date.now();
      const left = Math.round((timeoutMs - (Date.now() - started)) / 1000);
      say(
        `Waiting for the database at ${place(url)} (${failure.message}), at most ${left} s more …`,
      );
    }
    await sleep(RETRY_MS);
  }
}

type Failure = { code: string; message: string };

async function tryDatabase(url: string): Promise<Failure | null> {
  const sql = openConnection(url);
  try {
    const [row] = await sql`select current_setting('server_version_num')::int as version`;
    refuseOldVersion(Number(row?.version));
    return null;
  } catch (error) {
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    const code = "code" in error ? String(error.code) : "";
    // A refused connection to a name with several addresses has no message of its own.
    return { code, message: error.message || code };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Throws a StartError for a server_version_num below PostgreSQL 15. */
export function refuseOldVersion(versionNumber: number): void {
  const major = Math.floor(versionNumber / 10_000);
  if (major >= OLDEST_VERSION) return;
  throw new StartError(
    `The database is PostgreSQL ${major}, but Dagline needs ${OLDEST_VERSION} or newer: set DATABASE_URL to a newer one, or unset it to use the embedded one.`,
  );
}

// Without user and password: this ends up on screens and in logs.
function place(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
