import { createProcessRunner } from "@/worker/runners/process-runner";

/**
 * Run by a test in a process of its own, to be killed: performs one shell script and passes on what it prints.
 * Arguments: data directory, isolation, script.
 */
const [dataDir = "", isolation = "", script = ""] = process.argv.slice(2);
const runner = await createProcessRunner({
  dataDir,
  isolation: isolation === "group" ? "group" : "auto",
});
await runner.run({
  executionId: "doomed",
  attempt: 1,
  pipeline: {
    steps: [{ name: null, image: null, command: ["sh", "-c", script], env: {}, workdir: null }],
    secrets: {},
  },
  signal: new AbortController().signal,
  killSignal: new AbortController().signal,
  graceMs: 10_000,
  onStarted: () => undefined,
  onOutput: (_stream, chunk) => process.stdout.write(chunk),
});
