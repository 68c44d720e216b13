import { getConfig } from "@/lib/config";
import { getWebClient } from "@/lib/db/web-database";
import { log } from "@/lib/log";

/** Each call asks the database; nothing of it may be prerendered. */
export const dynamic = "force-dynamic";

const DATABASE_TIMEOUT_MS = 2_000;

/** Whether this server can work. `boot` tells the launcher that this is the server it has started. */
export async function GET(): Promise<Response> {
  const ok = await databaseAnswers();
  const boot = getConfig().bootId;
  return Response.json(
    { ok, boot },
    { status: ok ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}

async function databaseAnswers(): Promise<boolean> {
  const timeout = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no answer in time")), DATABASE_TIMEOUT_MS).unref();
  });
  try {
    await Promise.race([getWebClient().sql`select 1`, timeout]);
    return true;
  } catch (error) {
    log.warn({ error }, "database did not answer");
    return false;
  }
}
