import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { StartError } from "./start-error";

const TIMEOUT_MS = 60_000;
const healthSchema = z.object({ ok: z.literal(true), boot: z.string() });

type Options = { address: string; bootId: string; logFile: string | null };

/** Returns when the web server of this very start answers; another program on the port would not know the boot id. */
export async function waitUntilReady({ address, bootId, logFile }: Options): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    if ((await askBootId(address)) === bootId) return;
    await sleep(50);
  }
  const where = logFile ? ` Its log is ${logFile}.` : "";
  throw new StartError(`The web server did not answer at ${address} within 60 seconds.${where}`);
}

async function askBootId(address: string): Promise<string | null> {
  try {
    const response = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(5_000) });
    const health = healthSchema.safeParse(await response.json());
    return health.success ? health.data.boot : null;
  } catch {
    return null; // not listening yet
  }
}
