import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type StandIn, startStandIn } from "@/worker/testing/dagger-stand-in/engine";
import { countProcesses, noSurvivors, type RunnerFacts, shell, start } from "./conformance-harness";
import { createDaggerRunner, type DaggerRunner, type DaggerRunnerOptions } from "./dagger-runner";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let standIn: StandIn;
let runners: DaggerRunner[] = [];

beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  runners = [];
  await standIn.stop();
});

async function createRunner(options: Partial<DaggerRunnerOptions> = {}) {
  const { cli, runnerHost } = standIn;
  const runner = await createDaggerRunner({ cli, runnerHost, configPath: null, ...options });
  runners.push(runner);
  return runner;
}

const facts: RunnerFacts = {
  createRunner,
  image: "alpine:3.20",
  signals: "exit-code",
  graceful: false,
  bytes: "utf-8",
  environment: [],
};

const infrastructure = { kind: "failed", errorClass: "infrastructure" };
const succeeded = { kind: "exited", exitCode: 0 };

describe("an engine that fails", () => {
  it("is not waited for by way of its session, which would take all of its grace", async () => {
    const runnerHost = `${standIn.runnerHost}?fault=slow-close`;
    const runner = await createRunner({ runnerHost, closeGraceMs: 600_000 });
    const attempt = start(runner, facts, { steps: [shell("echo ready; sleep 1000")] });
    await attempt.printed("ready");
    await standIn.stop();

    expect(await attempt.outcome).toMatchObject(infrastructure);
  });

  it("in the middle of a command is no failure of the task, and leaves nothing behind", async () => {
    const mark = String(randomInt(1e9, 1e10));
    const attempt = start(await createRunner(), facts, {
      steps: [shell(`echo ready; sleep ${mark}`)],
    });
    await attempt.printed("ready");
    await standIn.stop();

    expect(await attempt.outcome).toMatchObject({
      ...infrastructure,
      message: expect.stringMatching(/could not answer|connection/),
    });
    await noSurvivors(mark);
  });

  it.each(["cut", "garbage", "bad gateway", "shutting down"] as const)(
    "with %s is no failure of the task, and the next attempt succeeds",
    async (fault) => {
      const runner = await createRunner();
      standIn.fault = (query) => (query.includes("withExec") ? fault : null);
      const attempt = start(runner, facts, { steps: [shell("true")] });
      expect(await attempt.outcome).toMatchObject(infrastructure);

      standIn.fault = () => null;
      const next = start(runner, facts, { steps: [shell("true")] });
      expect(await next.outcome).toMatchObject(succeeded);
    },
  );

  it("by hanging is noticed by its missing pulse", async () => {
    const runner = await createRunner({ pingIntervalMs: 100, pingTimeoutMs: 200 });
    const attempt = start(runner, facts, { steps: [shell("echo ready; sleep 1000")] });
    await attempt.printed("ready");
    standIn.fault = () => "hang";

    expect(await attempt.outcome).toEqual({
      ...infrastructure,
      message: "The Dagger engine stopped answering while the task ran.",
    });
  });

  it("is not suspected while it answers, however long a command takes", async () => {
    const runner = await createRunner({ pingIntervalMs: 50, pingTimeoutMs: 5_000 });
    const attempt = start(runner, facts, { steps: [shell("sleep 1")] });

    expect(await attempt.outcome).toMatchObject(succeeded);
    const pings = standIn.queries.filter((query) => /^\s*{\s*version/.test(query));
    expect(pings.length).toBeGreaterThan(3);
  });

  it("to exist is said with its address", async () => {
    const runner = await createRunner({ runnerHost: "tcp://127.0.0.1:1" });
    const attempt = start(runner, facts, { steps: [shell("true")] });

    expect(await attempt.outcome).toMatchObject({
      ...infrastructure,
      message: expect.stringContaining("tcp://127.0.0.1:1"),
    });
    expect(attempt.started()).toBe(0);
  });

  it("to know our token is permanent", async () => {
    standIn.fault = () => "unauthorised";
    const attempt = start(await createRunner(), facts, { steps: [shell("true")] });

    expect(await attempt.outcome).toMatchObject({ kind: "failed", errorClass: "invalid" });
  });

  it("is told apart from a cancel, which comes first", async () => {
    const attempt = start(await createRunner(), facts, {
      steps: [shell("echo ready; sleep 1000")],
    });
    await attempt.printed("ready");
    attempt.stop.abort();
    await standIn.stop();

    expect(await attempt.outcome).toEqual({ kind: "stopped" });
  });
});

describe("an image", () => {
  it.each([
    ["missing/image:latest", "image", /not found/],
    ["denied/image", "image", /denied/],
    ["busy/image", "infrastructure", /429/],
    ["offline/image", "infrastructure", /timeout/],
    ["--privileged", "image", /not the name of a container image/],
  ])("%s fails as %s before anything runs", async (image, errorClass, message) => {
    const steps = [shell("echo ran"), { ...shell("echo ran"), image }];
    const attempt = start(await createRunner(), facts, { steps });

    expect(await attempt.outcome).toMatchObject({
      kind: "failed",
      errorClass,
      message: expect.stringMatching(message),
    });
    expect(attempt.started()).toBe(0);
    expect(attempt.text("stdout")).toBe("");
  });

  it("is pulled before the attempt counts as started, and the pull can be stopped", async () => {
    const steps = [{ ...shell("echo ran"), image: "slow/image" }];
    const attempt = start(await createRunner(), facts, { steps });
    await vi.waitFor(() => expect(standIn.queries.join()).toContain("slow/image"), 10_000);
    expect(attempt.started()).toBe(0);
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual({ kind: "stopped" });
    expect(attempt.started()).toBe(0);
  });

  it("is reported by its digest", async () => {
    const attempt = start(await createRunner(), facts, { steps: [shell("true")] });

    expect(await attempt.outcome).toMatchObject({ imageDigest: `sha256:${"5".repeat(64)}` });
  });
});

describe("output", () => {
  it("is read from the result when the engine has no live logs, and printed once", async () => {
    standIn.hasLogs = false;
    const script = "echo out; echo err >&2";
    const attempt = start(await createRunner(), facts, { steps: [shell(script), shell("echo 2")] });

    expect(await attempt.outcome).toMatchObject(succeeded);
    expect(attempt.text("stdout")).toBe("out\n2\n");
    expect(attempt.text("stderr")).toBe("err\n");
  });

  it("of a killed command is read from the error when there are no live logs", async () => {
    standIn.hasLogs = false;
    const attempt = start(await createRunner(), facts, {
      steps: [shell("echo last words; kill -9 $$")],
    });

    expect(await attempt.outcome).toMatchObject({ kind: "exited", exitCode: 137 });
    expect(attempt.text("stdout")).toBe("last words");
  });

  it("is complete although the engine loses what is not UTF-8", async () => {
    const attempt = start(await createRunner(), facts, {
      steps: [shell("echo one; sleep 0.2; printf '\\377\\n'; sleep 0.2; echo three")],
    });
    await attempt.outcome;

    expect(attempt.text("stdout")).toBe("one\nthree\n\ufffd\n");
  });

  it("of a flood is complete, however far the log stream is behind", async () => {
    standIn.logPauseMs = 1_500;
    const script = "yes 0123456789 | head -c 40000000; echo; echo the end";
    const runner = await createRunner({ outputSilenceMs: 100 });
    const attempt = start(runner, facts, { steps: [shell(script)] });

    expect(await attempt.outcome).toMatchObject(succeeded);
    expect(attempt.bytes("stdout").length).toBe(40_000_009);
    expect(attempt.bytes("stdout").subarray(-9).toString()).toBe("\nthe end\n");
  });

  it("goes on where it was when the log stream breaks", async () => {
    const attempt = start(await createRunner(), facts, {
      steps: [shell("echo one; sleep 1; echo two; sleep 1000")],
    });
    await attempt.printed("one");
    standIn.breakLogs();
    await attempt.printed("two");

    expect(attempt.text("stdout")).toBe("one\ntwo\n");
    attempt.kill.abort();
    await attempt.outcome;
  });
});

describe("an attempt", () => {
  it("really runs again, although the engine remembers results", async () => {
    const runner = await createRunner();
    const request = {
      pipeline: {
        steps: [{ name: null, image: "alpine", command: ["date", "+%N"], env: {}, workdir: null }],
        secrets: {},
      },
      signal: new AbortController().signal,
      killSignal: new AbortController().signal,
      graceMs: 0,
      onStarted: () => undefined,
    };
    const run = async (executionId: string, attempt: number) => {
      let text = "";
      const onOutput = (_stream: string, chunk: Uint8Array) => {
        text += Buffer.from(chunk).toString();
      };
      await runner.run({ ...request, executionId, attempt, onOutput });
      return text;
    };

    const [first, second, other] = [await run("a", 1), await run("a", 2), await run("b", 1)];
    expect(new Set([first, second, other]).size).toBe(3);
    // Proof that the stand-in does remember: the same attempt, which never happens twice.
    expect(await run("a", 1)).toBe(first);
  });

  it("names its secrets after itself, since the engine knows them by name alone", async () => {
    const runner = await createRunner();
    const both = ["one", "two"].map((value) =>
      start(runner, facts, { steps: [shell('echo "$KEY"')], secrets: { KEY: value } }),
    );
    await Promise.all(both.map((attempt) => attempt.outcome));

    expect(both.map((attempt) => attempt.text("stdout"))).toEqual(["one\n", "two\n"]);
    const names = standIn.queries.flatMap(
      (query) => /setSecret \(name: "([^"]*)"/.exec(query)?.[1] ?? [],
    );
    expect(new Set(names).size).toBe(2);
  });

  it("leaves no session behind", async () => {
    const runner = await createRunner();
    const exit = start(runner, facts, { steps: [shell("exit 3")] });
    const missing = start(runner, facts, { steps: [{ ...shell("true"), image: "missing/a" }] });
    await Promise.all([exit.outcome, missing.outcome]);
    await runner.close();
    runners = [];

    expect(standIn.countSessions()).toBe(0);
  });

  it("ends with its worker, even when that is killed", async () => {
    const seconds = String(randomInt(1e9, 1e10));
    const folder = await mkdtemp(path.join(tmpdir(), "dagline-killed-"));
    const script = new URL("../testing/dagger-stand-in/run-until-killed.ts", import.meta.url)
      .pathname;
    const args = ["--import", "tsx", script, standIn.cli, standIn.runnerHost, seconds];
    // biome-ignore lint/style/noProcessEnv: a child process needs the search path and the rest of ours.
    const env = { ...process.env, TMPDIR: folder };
    const worker = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    await once(createInterface({ input: worker.stdout }), "line");
    // The command line of the CLI names its folder, which is below TMPDIR.
    expect([countProcesses(folder), countProcesses(seconds)].every((count) => count > 0)).toBe(
      true,
    );

    worker.kill("SIGKILL");
    await vi.waitFor(
      () => expect([countProcesses(folder), countProcesses(seconds)]).toEqual([0, 0]),
      10_000,
    );
    await rm(folder, { recursive: true });
  });
});

describe("a check of the engine", () => {
  it("tells its version", async () => {
    expect(await (await createRunner()).checkEngine(30_000)).toBe("v0.21.9");
    expect(standIn.countSessions()).toBe(0);
  });

  it("refuses a version that does not fit, and says what to install", async () => {
    standIn.version = "v0.20.3";

    await expect((await createRunner()).checkEngine(30_000)).rejects.toThrow(
      "The Dagger engine is version v0.20.3, but Dagline speaks 0.21.9: install Dagger 0.21.9, CLI and engine.",
    );
  });

  it("says when an engine does not answer", async () => {
    standIn.fault = () => "hang";

    await expect((await createRunner()).checkEngine(2_000)).rejects.toThrow(/connection/);
  });
});
