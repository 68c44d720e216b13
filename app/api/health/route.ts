import { route } from "@/lib/auth/route";
import { getConfig } from "@/lib/config";
import { getWebClient } from "@/lib/db/web-database";
import { nothingSchema } from "@/lib/domain/query-inputs";
import { log } from "@/lib/log";

const DATABASE_TIMEOUT_MS = 2_000;

/** Whether this server can work. `boot` tells the launcher that this is the server it has started. */
export const GET = route({ permission: "health.read" }, nothingSchema, async () => {
  const ok = await databaseAnswers();
  return Response.json({ ok, boot: getConfig().bootId }, { status: ok ? 200 : 503 });
});

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
