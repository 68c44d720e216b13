import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Launcher } from "@/worker/runners/process/launcher";
import { findNamespaceLauncher } from "@/worker/runners/process/pid-namespace";
import { groupLauncher } from "@/worker/runners/process/process-group";
import { answerQuery } from "./answer-query";
import { execute } from "./execute";
import { type Container, InvalidQueryError, StandInError } from "./objects";
import { openSession, type StandInSession } from "./session";
import { streamLogs } from "./stream-logs";

/** What the engine does instead of answering a query. */
export type Fault = "cut" | "hang" | "garbage" | "bad gateway" | "shutting down" | "unauthorised";

export type StandIn = {
  /** Path of the stand-in for the Dagger CLI. */
  cli: string;
  /** Address of the engine, as in DAGGER_RUNNER_HOST. */
  runnerHost: string;
  /** Says for each query which fault it meets; set by tests. */
  fault: (query: string) => Fault | null;
  /** Version the engine reports. */
  version: string;
  /** False closes the log stream at once, as an engine without one would. */
  hasLogs: boolean;
  /** Every query so far. */
  queries: string[];
  /** Sessions that have not been shut down. */
  countSessions(): number;
  /** Breaks all log streams that are open; they may be opened again. */
  breakLogs(): void;
  /** Ends the engine: connections break, commands die. */
  stop(): Promise<void>;
};

const bodySchema = z.object({ query: z.string() });

/** Starts a stand-in for a Dagger engine in this process. Commands really run, on this machine. */
export async function startStandIn(): Promise<StandIn> {
  const folder = await mkdtemp(path.join(tmpdir(), "dagger-stand-in-"));
  const launcher = (await findNamespaceLauncher()) ?? groupLauncher;
  const sessions = new Map<string, StandInSession>();
  const cache: Engine["cache"] = new Map();
  const server = createServer((request, response) => {
    void answer({ standIn, launcher, sessions, folder, cache }, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    await Promise.all([...sessions.values()].map((session) => session.close()));
    await rm(folder, { recursive: true, force: true });
  }

  const standIn: StandIn = {
    cli: fileURLToPath(new URL("dagger.mjs", import.meta.url)),
    runnerHost: `tcp://127.0.0.1:${portOf(server.address())}`,
    fault: () => null,
    version: "v0.21.9",
    hasLogs: true,
    queries: [],
    countSessions: () => sessions.size,
    breakLogs: () => {
      for (const { logStreams } of sessions.values())
        for (const stream of logStreams) stream.destroy();
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
  return standIn;
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

type Engine = {
  standIn: StandIn;
  launcher: Launcher;
  sessions: Map<string, StandInSession>;
  folder: string;
  /** Results by key: like the real one, the engine does equal work once, whichever session asks. */
  cache: Map<string, Promise<Container>>;
};

async function answer(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = String(request.headers["x-dagger-session-id"]);
  if (request.url === "/init") {
    engine.sessions.set(id, await openSession(engine.folder));
    response.end();
    return;
  }
  const session = engine.sessions.get(id);
  if (session === undefined)
    return reply(response, 500, { errors: [{ message: "session is closing" }] });
  if (request.url === "/shutdown") {
    engine.sessions.delete(id);
    await session.close();
    response.end();
  } else if (request.url === "/v1/logs" && engine.standIn.hasLogs) {
    await streamLogs(session, request, response);
  } else if (request.url === "/query") {
    await answerHttp(engine, session, request, response);
  } else {
    response.writeHead(404).end();
  }
}

async function answerHttp(
  { standIn, launcher, cache, folder }: Engine,
  session: StandInSession,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const { query } = bodySchema.parse(JSON.parse(await readBody(request)));
  standIn.queries.push(query);
  const fault = standIn.fault(query);
  if (fault !== null) return misbehave(fault, response);
  const signal = AbortSignal.any([gone.signal, session.signal]);
  const traceId = /^00-([0-9a-f]{32})-/.exec(String(request.headers.traceparent))?.[1];
  const logs = traceId === undefined ? null : { store: session.logs, traceId };
  const work = answerQuery(query, {
    engineVersion: standIn.version,
    objects: session.objects,
    secrets: session.secrets,
    signal,
    execute: (container, args, key) =>
      doOnce(cache, key, () =>
        execute({
          container: { ...container, key },
          args,
          secrets: session.secrets,
          folder,
          launcher,
          logs,
          signal,
        }),
      ),
  });
  await session.track(work).then(
    (data) => reply(response, 200, { data }),
    (error) => replyError(response, error, signal),
  );
}

function doOnce(
  cache: Engine["cache"],
  key: string,
  work: () => Promise<Container>,
): Promise<Container> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const result = work();
  cache.set(key, result);
  result.catch(() => cache.delete(key));
  return result;
}

function replyError(response: ServerResponse, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) {
    response.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InvalidQueryError) {
    const extensions = { code: "GRAPHQL_VALIDATION_FAILED" };
    reply(response, 422, { errors: [{ message, extensions }] });
    return;
  }
  const extensions = error instanceof StandInError ? error.extensions : {};
  reply(response, 200, { data: null, errors: [{ message, extensions }] });
}

function misbehave(fault: Fault, response: ServerResponse): void {
  if (fault === "cut") response.destroy();
  if (fault === "garbage") response.writeHead(200, { "content-type": "application/json" }).end("<");
  if (fault === "bad gateway") response.writeHead(502).end("http do: connection refused");
  if (fault === "unauthorised") response.writeHead(401).end();
  if (fault === "shutting down")
    reply(response, 503, { errors: [{ message: "engine is shutting down" }] });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
