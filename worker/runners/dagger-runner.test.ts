import { afterAll, beforeAll, vi } from "vitest";
import { type StandIn, startStandIn } from "@/worker/testing/dagger-stand-in/engine";
import { describeRunner } from "./conformance";
import { createDaggerRunner } from "./dagger-runner";

// Each attempt starts a session of its own, which takes a busy machine a while.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.stop());

describeRunner("the Dagger runner with a stand-in engine", {
  createRunner: async () => {
    const { cli, runnerHost } = standIn;
    const runner = await createDaggerRunner({ cli, runnerHost, configPath: null });
    await runner.checkEngine(30_000);
    return runner;
  },
  image: "alpine:3.20",
  signals: "exit-code",
  graceful: false,
  bytes: "utf-8",
  environment: ["DAGLINE_ATTEMPT", "PATH", "TASK_OUTPUT"],
});
