import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
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

describe("attempts of one run at the same time", () => {
  it("share its trace, and each gets its own output", async () => {
    const { cli, runnerHost } = standIn;
    const runner = await createDaggerRunner({ cli, runnerHost, configPath: null });
    const { signal } = new AbortController();
    const run = async (word: string) => {
      let text = "";
      const command = ["sh", "-c", `echo ${word}; sleep 0.2; echo ${word} again`];
      const step = { name: null, image: "alpine:3.20", command, env: {}, workdir: null };
      const outcome = await runner.run({
        executionId: `00000000-0000-4000-8000-${word.padStart(12, "0")}`,
        attempt: 1,
        pipeline: { steps: [step], secrets: {} },
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        signal,
        killSignal: signal,
        graceMs: 1000,
        onStarted: () => {},
        onOutput: (_stream, chunk) => {
          text += Buffer.from(chunk).toString();
        },
      });
      expect(outcome).toMatchObject({ kind: "exited", exitCode: 0 });
      return text;
    };
    expect(await Promise.all([run("one"), run("two")])).toEqual([
      "one\none again\n",
      "two\ntwo again\n",
    ]);
    await runner.close();
  });
});
