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
const open = { host: "0.0.0.0" };

describe("the runner of a worker", () => {
  it("is Dagger when an engine answers", async () => {
    const runner = await choose({});

    expect(runner.kind).toBe("dagger");
    expect(runner.description).toContain(standIn.runnerHost);
  });

  it.each([
    ["there is no CLI", noCli],
    ["no engine answers", noEngine],
    ["processes are asked for", { runner: "process" as const }],
    ["HOST is open, but processes are allowed", { ...noCli, ...open, allowProcessRunner: true }],
  ])("is local processes when %s", async (_when, config) => {
    expect((await choose(config)).kind).toBe("process");
  });

  it("is local processes when the engine's version does not fit", async () => {
    standIn.version = "v0.20.0";

    expect((await choose({})).kind).toBe("process");
  });

  it("stays Dagger when that is configured and the engine is away for now", async () => {
    expect((await choose({ runner: "dagger", ...noEngine })).kind).toBe("dagger");
  });

  it.each([
    ["Dagger without a CLI", { runner: "dagger" as const, ...noCli }, /DAGGER_CLI/],
    ["processes on an open HOST", { runner: "process" as const, ...open }, /ALLOW_PROCESS_RUNNER/],
    ["auto without Dagger on an open HOST", { ...noCli, ...open }, /ALLOW_PROCESS_RUNNER/],
  ])("is refused: %s", async (_name, config, message) => {
    const refusal = choose(config);

    await expect(refusal).rejects.toThrow(ConfigError);
    await expect(refusal).rejects.toThrow(message);
  });

  it("is refused when Dagger is configured and its version does not fit", async () => {
    standIn.version = "v0.20.0";

    await expect(choose({ runner: "dagger" })).rejects.toThrow(ConfigError);
  });
});
