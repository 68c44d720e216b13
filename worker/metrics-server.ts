import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { isLoopback } from "@/lib/config";
import { createWorkerMetrics, type WorkerMetrics } from "./metrics";

/** The metrics of this process, shown on a port. Where another process has that, the worker works all the same and says so. */
export async function serveWorkerMetrics(options: {
  port: number;
  runner: string;
  log: Logger;
}): Promise<WorkerMetrics> {
  const { port, runner, log } = options;
  const metrics = createWorkerMetrics({ runner });
  try {
    await startMetricsServer({ port, registry: metrics.registry });
    log.info({ port }, "metrics served");
  } catch (error) {
    log.warn({ error, port }, "metrics not served; METRICS_PORT must be free");
  }
  return metrics;
}

type MetricsServer = { port: number; close: () => void };

/**
 * Answers GET /metrics on the loopback address, in the text form that Prometheus reads. Rejects when the port cannot be
 * had; port 0 takes any.
 */
export async function startMetricsServer(options: {
  port: number;
  registry: Registry;
}): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(options.registry, request, response).catch(() => response.destroy());
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  // Being asked is no reason to live.
  server.unref();
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close }; // listens on TCP
}

async function answer(
  registry: Registry,
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isOwnName(headers.host)) return end(response, 403, "Ask by a loopback address.\n");
  if (url?.split("?")[0] !== "/metrics") return end(response, 404, "There is only /metrics.\n");
  if (method !== "GET" && method !== "HEAD") return end(response, 405, "Use GET.\n");
  const text = await registry.metrics();
  response.setHeader("content-type", registry.contentType);
  return end(response, 200, text);
}

/** A foreign name that resolves to this machine is a page that looks for what runs here. */
function isOwnName(host = ""): boolean {
  return isLoopback(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("x-content-type-options", "nosniff");
  if (!response.hasHeader("content-type")) response.setHeader("content-type", "text/plain");
  response.end(text);
}
