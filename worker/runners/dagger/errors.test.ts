import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openClient } from "./client";
import { toDaggerFailure } from "./errors";
import { DaggerSessionError } from "./session";

vi.setConfig({ testTimeout: 30_000 });

/** Every answer the engine is known to give, as the real SDK passes it on, and what becomes of it. */
let answer = { status: 200, body: "" };
const server = createServer((_request, response) => {
  if (answer.status === 0) response.destroy();
  else response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

async function fail(status: number, body: string) {
  answer = { status, body };
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const session = { token: "t", describeEnd: () => null, close: async () => undefined };
  const client = await openClient(
    { port: address.port, ...session },
    { signal: new AbortController().signal, traceId: "1".repeat(32) },
  );
  const secret = client.setSecret("name", "s3cret-value");
  const error = await client
    .container()
    .withSecretVariable("TOKEN", secret)
    .sync()
    .catch((caught: unknown) => caught);
  return toDaggerFailure(error);
}

const said = (message: string) => JSON.stringify({ errors: [{ message }], data: null });
const unresolved = (image: string, reason: string) =>
  said(`failed to resolve image "docker.io/${image}" (platform: "linux/amd64"): ${reason}`);

describe("an error of the engine", () => {
  it.each([
    ["a broken connection", 0, "", "infrastructure", /connection .* lost/],
    ["an unreadable answer", 200, "<html>", "infrastructure", /unreadable/],
    ["a wrong token", 401, "", "invalid", /token/],
    ["an unknown field", 422, said("Cannot query field"), "invalid", /version must match/],
    ["a bad request", 400, said("syntax error"), "invalid", /version must match/],
    ["shutting down", 503, said("engine is shutting down"), "infrastructure", /shutting down/],
    ["a closing session", 500, said("session is closing"), "infrastructure", /session is closing/],
    [
      "a session lost by a restart",
      500,
      said("waiting for client session attachables: context deadline exceeded"),
      "infrastructure",
      /attachables/,
    ],
    ["a proxy without engine", 502, "http do: EOF", "infrastructure", /http do: EOF/],
    ["an absent image", 200, unresolved("a/b:c", "a/b:c: not found"), "image", /not found/],
    [
      "a forbidden image",
      200,
      unresolved(
        "a/b",
        "pull access denied, repository does not exist or may require authorization",
      ),
      "image",
      /denied/,
    ],
    [
      "a login that fails",
      200,
      unresolved("a/b", "unexpected status: 401 Unauthorized"),
      "image",
      /401/,
    ],
    [
      "another platform",
      200,
      unresolved("a/b", "no match for platform in manifest"),
      "image",
      /platform/,
    ],
    [
      "a name that cannot be parsed",
      200,
      said("failed to parse image address A: invalid reference format"),
      "image",
      /parse/,
    ],
    [
      "too many pulls",
      200,
      unresolved("a/b", "429 Too Many Requests"),
      "infrastructure",
      /registry/,
    ],
    ["a broken registry", 200, unresolved("a/b", "status 503"), "infrastructure", /registry/],
    [
      "an unreachable registry",
      200,
      unresolved("a/b", "dial tcp: lookup r.example: no such host"),
      "infrastructure",
      /registry/,
    ],
    [
      "a slow registry",
      200,
      unresolved("a/b", "TLS handshake timeout"),
      "infrastructure",
      /registry/,
    ],
    [
      "an absent image with a name like an error",
      200,
      unresolved("a/timeout-500", "docker.io/a/timeout-500: not found"),
      "image",
      /not found/,
    ],
    ["something new", 200, said("the moon is full"), "infrastructure", /the moon is full/],
  ] as const)("%s (%i) is told apart", async (_name, status, body, errorClass, message) => {
    const failure = await fail(status, body);

    expect(failure?.errorClass).toBe(errorClass);
    expect(failure?.message).toMatch(message);
    expect(failure?.message).not.toContain("s3cret-value");
  });

  it("is shown without the trace the engine appends", async () => {
    const failure = await fail(200, said("no space left [traceparent:0123-4567]"));

    expect(failure?.message).toBe("The Dagger engine failed: no space left");
  });

  it("is cut when it is long", async () => {
    const failure = await fail(200, said("x".repeat(1_000_000)));

    expect(failure?.message.length).toBeLessThan(3_000);
  });

  it("of a session keeps its own sentence", () => {
    const failure = toDaggerFailure(new DaggerSessionError("The CLI is away."));

    expect(failure).toEqual({ errorClass: "infrastructure", message: "The CLI is away." });
  });

  it("is not made of a bug of ours", () => {
    expect(toDaggerFailure(new TypeError("x is not a function"))).toBeNull();
    expect(toDaggerFailure("text")).toBeNull();
  });
});
