import { getConfig } from "@/lib/config";
import { createDbClient, type DbClient } from "./client";

// On globalThis, since Next.js loads this file once for every route, and again after each change in development.
const shared = globalThis as typeof globalThis & { daglineWebClient?: DbClient }; // ours alone, by its name

/** The connection pool of the web server, opened at the first call. */
export function getWebClient(): DbClient {
  shared.daglineWebClient ??= openClient();
  return shared.daglineWebClient;
}

function openClient(): DbClient {
  const { databaseUrl } = getConfig();
  if (databaseUrl === null)
    throw new Error("The web server needs DATABASE_URL; npm start sets it.");
  return createDbClient(databaseUrl, { name: "web" });
}
