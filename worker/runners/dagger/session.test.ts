import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type StandIn, startStandIn } from "@/worker/testing/dagger-stand-in/engine";
import { type DaggerSession, type SessionOptions, startSession } from "./session";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let standIn: StandIn;
let workdir = "";
const open: DaggerSession[] = [];

beforeAll(async () => {
  standIn = await startStandIn();
  workdir = await mkdtemp(path.join(tmpdir(), "dagline-session-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await standIn.stop();
  await rm(workdir, { recursive: true });
});

async function start(options: Partial<SessionOptions> = {}, signal = new AbortController().signal) {
  const defaults = { cli: standIn.cli, runnerHost: standIn.runnerHost, configPath: null, workdir };
  const timing = { connectTimeoutMs: 30_000, closeGraceMs: 10_000 };
  const session = await startSession({ ...defaults, ...timing, ...options }, signal);
  open.push(session);
  return session;
}

const withFault = (fault: string) => ({ runnerHost: `${standIn.runnerHost}?fault=${fault}` });

describe("a session", () => {
  it("connects, and is gone when it has been closed", async () => {
    const session = await start();
    expect(session.port).toBeGreaterThan(0);
    expect(standIn.countSessions()).toBe(1);

    await session.close();
    expect(standIn.countSessions()).toBe(0);
    expect(session.describeEnd()).toContain("exit code 0");
  });

  it("does not hand on what belongs to the worker or to another session", async () => {
    vi.stubEnv("DAGGER_SESSION_PORT", "1");
    vi.stubEnv("DAGGER_SESSION_TOKEN", "x");
    vi.stubEnv("TRACEPARENT", "00-1-1-01");
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    vi.stubEnv("DATABASE_URL", "postgres://secret");
    vi.stubEnv("DAGLINE_SECRET_TOKEN", "secret");

    // The stand-in for the CLI refuses to start when it sees one of them.
    await expect(start()).resolves.toBeDefined();
  });

  it("survives a CLI that says 120 MB before it connects", async () => {
    await expect(start(withFault("noisy"))).resolves.toBeDefined();
  });

  it.each([
    ["crash", /ended before it reached tcp:.*panic: the stand-in was asked to crash\.$/],
    ["garbage", /does not speak like a Dagger CLI/],
  ])("says what went wrong when the CLI answers with %s", async (fault, message) => {
    await expect(start(withFault(fault))).rejects.toThrow(message);
  });

  it.each([
    ["tcp://127.0.0.1:1", "ECONNREFUSED"],
    ["tls://[::1]:1", "ECONNREFUSED"],
    ["unix:///no/such/engine.sock", "ENOENT"],
  ])("is not even tried when nothing listens at %s", async (runnerHost, code) => {
    // The CLI would dial for as long as it may.
    const unreachable = { runnerHost, connectTimeoutMs: 600_000 };

    await expect(start(unreachable)).rejects.toThrow(
      `No Dagger engine answers at ${runnerHost} (${code}).`,
    );
  });

  it("gives up on an engine that does not answer", async () => {
    const silent = { ...withFault("silent"), connectTimeoutMs: 500 };

    await expect(start(silent)).rejects.toThrow(/did not reach tcp:.* within 0\.5 s/);
  });

  it("names a CLI that does not exist, and the remedy", async () => {
    await expect(start({ cli: "no-such-dagger" })).rejects.toThrow(
      'There is no Dagger CLI "no-such-dagger". Install it, or name it in DAGGER_CLI.',
    );
  });

  it("can be given up while it connects", async () => {
    const giveUp = new AbortController();
    const starting = start(withFault("silent"), giveUp.signal);
    giveUp.abort(new Error("enough"));

    await expect(starting).rejects.toThrow("enough");
  });

  it("kills a CLI that does not end", async () => {
    const session = await start({ ...withFault("slow-close"), closeGraceMs: 200 });
    await session.close();

    expect(session.describeEnd()).toContain("SIGKILL");
  });
});
