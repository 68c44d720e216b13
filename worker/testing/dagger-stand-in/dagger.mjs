#!/usr/bin/env node
// A stand-in for the Dagger CLI: `dagger session` connects to the stand-in engine and passes requests on, as the real one does.
// Its faults are asked for in the address of the engine: tcp://127.0.0.1:1234?fault=crash
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const env = process.env;
const engine = new URL(env._EXPERIMENTAL_DAGGER_RUNNER_HOST ?? "tcp://127.0.0.1:1");
const fault = engine.searchParams.get("fault");
const session = randomUUID();
const token = randomUUID();

const ofTheWorker = /^(DAGGER_SESSION_.*|DAGLINE_.*|TRACEPARENT|OTEL_.*|DATABASE_URL)$/;
const unwanted = Object.keys(env).filter((name) => ofTheWorker.test(name));
if (unwanted.length > 0) fail(`unexpected in the environment: ${unwanted}`);
if (env.DAGGER_SILENT !== "1" || env.DO_NOT_TRACK !== "1") fail("the session is not silent");
if (process.argv[2] !== "session") fail(`unknown command ${process.argv[2]}`);

if (fault === "crash") fail("panic: the stand-in was asked to crash");
if (fault === "garbage") process.stdout.write("Welcome to Dagger!\n");
if (fault === "silent") await delay(600_000);
if (fault === "noisy") await makeNoise(120 * 1024 * 1024);

// Like the real one, it dials in silence for as long as nobody answers.
let answer = null;
while (answer === null) {
  answer = await call("POST", "/init", {}).catch(() => delay(250, null));
}
answer.resume();

const proxy = createServer((incoming, outgoing) => {
  const expected = `Basic ${Buffer.from(`${token}:`).toString("base64")}`;
  if (incoming.headers.authorization !== expected) {
    outgoing.writeHead(401).end();
    return;
  }
  const onward = open(incoming.method, incoming.url, incoming.headers);
  onward.on("response", (reply) => {
    outgoing.writeHead(reply.statusCode, reply.headers);
    reply.pipe(outgoing);
    reply.on("error", () => outgoing.destroy());
  });
  onward.on("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end(`http do: ${error.message}`);
  });
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
});
proxy.listen(0, "127.0.0.1");
await once(proxy, "listening");

let isShuttingDown = false;
process.on("SIGTERM", () => void shutDown());
process.on("SIGINT", () => void shutDown());
process.stdin.on("end", () => void shutDown()).resume();

process.stdout.write(`${JSON.stringify({ port: proxy.address().port, session_token: token })}\n`);

async function shutDown() {
  if (fault === "slow-close" || isShuttingDown) return;
  isShuttingDown = true;
  await call("POST", "/shutdown", {}).catch(() => undefined);
  process.exit(0);
}

function open(method, path, headers) {
  return request({
    host: engine.hostname,
    port: engine.port,
    method,
    path,
    headers: { ...headers, "x-dagger-session-id": session },
    agent: false,
  });
}

function call(method, path, headers) {
  return new Promise((resolve, reject) => {
    open(method, path, headers).on("response", resolve).on("error", reject).end();
  });
}

async function makeNoise(bytes) {
  const line = Buffer.from(`${"noise ".repeat(10_000)}\n`);
  for (let written = 0; written < bytes; written += line.length) {
    if (!process.stderr.write(line)) await once(process.stderr, "drain");
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
