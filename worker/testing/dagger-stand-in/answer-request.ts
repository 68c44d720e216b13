import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import type { Launcher } from "@/worker/runners/process/launcher";
import { answerQuery } from "./answer-query";
import { execute } from "./execute";
import { type Container, InvalidQueryError, StandInError } from "./objects";
import { openSession, type StandInSession } from "./session";
import { streamLogs } from "./stream-logs";

/** What the engine does instead of answering a query. */
type Fault = "cut" | "hang" | "garbage" | "bad gateway" | "shutting down" | "unauthorised";

const bodySchema = z.object({ query: z.string() });

/** What the engine's answers depend on. */
export type Engine = {
  behaviour: {
    /** Says for each query which fault it meets. */
    fault: (query: string) => Fault | null;
    /** Version the engine reports. */
    version: string;
    /** Without them the log stream is not found, as in an engine that has none. */
    hasLogs: boolean;
    /** How long each event of the log stream takes to be made; the stream may be far behind its command. */
    logPauseMs: number;
    /** Every query so far. */
    queries: string[];
  };
  launcher: Launcher;
  sessions: Map<string, StandInSession>;
  folder: string;
  /** Results by key: like the real one, the engine does equal work once, whichever session asks. */
  cache: Map<string, Promise<Container>>;
};

/** Answers one request of a session. */
export async function answerRequest(
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
  } else if (request.url === "/v1/logs" && engine.behaviour.hasLogs) {
    await streamLogs({ session, request, response, pauseMs: engine.behaviour.logPauseMs });
  } else if (request.url === "/query") {
    await answerHttp(engine, session, request, response);
  } else {
    response.writeHead(404).end();
  }
}

async function answerHttp(
  { behaviour, launcher, cache, folder }: Engine,
  session: StandInSession,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const { query } = bodySchema.parse(JSON.parse(await readBody(request)));
  behaviour.queries.push(query);
  const fault = behaviour.fault(query);
  if (fault !== null) return misbehave(fault, response);
  const signal = AbortSignal.any([gone.signal, session.signal]);
  const traceId = /^00-([0-9a-f]{32})-/.exec(String(request.headers.traceparent))?.[1];
  const logs = traceId === undefined ? null : { store: session.logs, traceId };
  const work = answerQuery(query, {
    engineVersion: behaviour.version,
    objects: session.objects,
    secrets: session.secrets,
    folder,
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
