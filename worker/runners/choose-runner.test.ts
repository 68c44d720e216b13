import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "@/lib/config";
import { type StandIn, startStandIn } from "@/worker/testing/dagger-stand-in/engine";
import { chooseRunner, type RunnerConfig } from "./choose-runner";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let standIn: StandIn;
let dataDir = "";

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "dagline-choose-"));
  standIn = await startStandIn();
});
beforeEach(() => {
  standIn.version = "v0.21.9";
});
afterAll(async () => {
  await standIn.stop();
  await rm(dataDir, { recursive: true });
});

async function choose(config: Partial<RunnerConfig>) {
  const runner = await chooseRunner({
    runner: "auto",
    host: "127.0.0.1",
    allowProcessRunner: false,
    dataDir,
    daggerRunnerHost: standIn.runnerHost,
    daggerCli: standIn.cli,
    daggerConfigPath: null,
    ...config,
  });
  await runner.close();
  return runner;
}

const noCli = { daggerCli: "no-such-dagger" };
const noEngine = { daggerRunnerHost: "tcp://127.0.0.1:1" };
const unnamed = { daggerRunnerHost: null };
/** A program that reaches no engine by itself. */
const silentCli = { daggerCli: "false" };
const open = { host: "0.0.0.0" };

describe("the runner of a worker", () => {
  it("is Dagger when an engine answers", async () => {
    const runner = await choose({});

    expect(runner.kind).toBe("dagger");
    expect(runner.description).toContain(standIn.runnerHost);
  });

  it.each([
    ["there is no CLI", { ...unnamed, ...noCli }],
    ["no engine is named and none answers", { ...unnamed, ...silentCli }],
    ["processes are asked for, even if an engine is named", { runner: "process" as const }],
    [
      "HOST is open, but processes are allowed",
      { ...unnamed, ...noCli, ...open, allowProcessRunner: true },
    ],
  ])("is local processes when %s", async (_when, config) => {
    expect((await choose(config)).kind).toBe("process");
  });

  it.each([
    ["RUNNER asks for it", { runner: "dagger" as const, ...noEngine }],
    ["DAGGER_RUNNER_HOST names the engine", noEngine],
    [
      "DAGGER_CONFIG_PATH configures the engine",
      { ...unnamed, ...silentCli, daggerConfigPath: "/no-such-folder" },
    ],
  ])("stays Dagger while the engine is away when %s", async (_when, config) => {
    expect((await choose(config)).kind).toBe("dagger");
  });

  it.each([
    ["Dagger without a CLI", { runner: "dagger" as const, ...noCli }, /^RUNNER .*DAGGER_CLI/],
    ["an engine without a CLI", noCli, /^DAGGER_RUNNER_HOST .*DAGGER_CLI/],
    ["processes on an open HOST", { runner: "process" as const, ...open }, /ALLOW_PROCESS_RUNNER/],
    [
      "auto without Dagger on an open HOST",
      { ...unnamed, ...noCli, ...open },
      /ALLOW_PROCESS_RUNNER/,
    ],
  ])("is refused: %s", async (_name, config, message) => {
    const refusal = choose(config);

    await expect(refusal).rejects.toThrow(ConfigError);
    await expect(refusal).rejects.toThrow(message);
  });

  it.each(["dagger", "auto"] as const)(
    "is refused when RUNNER is %s and the version of the engine that was named does not fit",
    async (runner) => {
      standIn.version = "v0.20.0";

      await expect(choose({ runner })).rejects.toThrow(ConfigError);
    },
  );
});
