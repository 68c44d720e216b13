import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { getWebClient } from "@/lib/db/web-database";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { MAX_REQUEST_BYTES } from "@/lib/domain/limits";
import { parseInput } from "@/lib/domain/parse-input";
import { describeError, statusOf } from "./describe-error";
import { guard } from "./guard";
import type { Permission } from "./permissions";
import { readJsonBody } from "./read-body";

export type RouteOptions = {
  permission: Permission;
  /** Limit of the body; 1 MiB if not given. */
  maxBytes?: number;
};

type RouteInput<S extends z.ZodType> = {
  db: Db;
  input: z.output<S>;
  actor: Actor;
  request: Request;
};

/** What Next.js gives a route handler besides the request. */
type RouteContext = { params: Promise<Record<string, string | string[] | undefined>> };

/**
 * A route handler: passes the guard, parses the parameters of the path together with the query (of a GET) or the JSON body
 * (of anything else) by one strict schema, and answers what `work` returns as JSON. Null is answered as 404, a Response as
 * it is, and every error as `{ error: { code, message, path, details } }` with its status.
 */
export function route<S extends z.ZodType>(
  options: RouteOptions,
  schema: S,
  work: (input: RouteInput<S>) => Promise<unknown>,
): (request: Request, context?: RouteContext) => Promise<Response> {
  return async (request, context) => {
    let params = {};
    try {
      const { actor } = guard(request, options.permission);
      params = (await context?.params) ?? {};
      const input = parseInput(schema, mergeParams(params, await readInput(request, options)));
      const answer = await work({ db: getWebClient().db, input, actor, request });
      return answer instanceof Response ? secure(answer) : answerJson(answer);
    } catch (error) {
      return answerError(error, request, params);
    }
  };
}

async function readInput(request: Request, options: RouteOptions): Promise<unknown> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return readJsonBody(request, { maxBytes: options.maxBytes ?? MAX_REQUEST_BYTES });
  }
  return readQuery(new URL(request.url).searchParams);
}

/** A parameter that was given twice becomes a list, which only the schema of a list lets pass. */
function readQuery(search: URLSearchParams): Record<string, string | string[]> {
  const query = new Map<string, string | string[]>();
  for (const name of search.keys()) {
    const values = search.getAll(name);
    query.set(name, values.length === 1 ? values.join() : values);
  }
  return Object.fromEntries(query);
}

/** Puts the path's parameters in; one that is given a second time is refused, lest two ids be checked and one used. */
function mergeParams(params: object, input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  const doubled = Object.keys(params).find((name) => Object.hasOwn(input, name));
  if (doubled === undefined) return { ...input, ...params };
  throw new EngineError("invalid", `${doubled}: The address holds it already.`, [
    { path: doubled, message: "The address holds it already." },
  ]);
}

function answerJson(answer: unknown): Response {
  if (answer === null) {
    throw new EngineError("not_found", "There is nothing under this address; it may be deleted.");
  }
  return secure(Response.json(answer));
}

function answerError(error: unknown, request: Request, params: object): Response {
  const door = `${request.method} ${new URL(request.url).pathname}`;
  const { code, message, details } = describeError(error, door, params);
  const path = details[0]?.path;
  const body = { error: { code, message, ...(path && { path }), details } };
  const response = secure(Response.json(body, { status: statusOf(code) }));
  // What is left of a refused body is not worth reading.
  if (code === "too_large" || code === "request_timeout")
    response.headers.set("connection", "close");
  if (code === "database_unavailable") response.headers.set("retry-after", "2");
  return response;
}

/** Data, not a page: never kept, never shown as a document that may load or run anything. */
function secure(response: Response): Response {
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  response.headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.set("cross-origin-resource-policy", "same-origin");
  response.headers.set("x-content-type-options", "nosniff");
  return response;
}
