import { createDaggerRunner } from "@/worker/runners/dagger-runner";

/** A worker for a test to kill: runs `sleep` in a container of the engine at argv[3], and says so when it has started. */
const [, , cli = "", runnerHost = "", seconds = ""] = process.argv;
const runner = await createDaggerRunner({ cli, runnerHost, configPath: null });
const command = ["sh", "-c", 'echo started; exec sleep "$1"', "sh", seconds];
const step = { name: null, image: "alpine", command, env: {}, workdir: null };
const never = new AbortController().signal;
await runner.run({
  executionId: "run-until-killed",
  attempt: 1,
  pipeline: { steps: [step], secrets: {} },
  signal: never,
  killSignal: never,
  graceMs: 0,
  onStarted: () => undefined,
  onOutput: (_stream, chunk) => process.stdout.write(chunk),
});
