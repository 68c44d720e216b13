import { randomUUID } from "node:crypto";
import { getConfig } from "@/lib/config";
import { getWebClient } from "@/lib/db/web-database";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";

/** Sends the traces of runs that the web server ends, by a cancel; does nothing where no traces are wanted. */
export async function traceWebServer(): Promise<void> {
  const { tracing } = getConfig();
  if (tracing === null) return;
  const { startTracing } = await import("./tracing");
  const instanceId = randomUUID();
  const started = startTracing({
    tracing,
    instanceId,
    log,
    read: (work) => work(getWebClient().db),
  });
  onShutdown(() => void started.close());
  log.info({ collector: new URL(tracing.url).host, instanceId }, "tracing started");
}
