import { describe, it, vi } from "vitest";
import { describeRunner } from "./conformance";
import { createDaggerRunner } from "./dagger-runner";

const {
  DAGGER_RUNNER_HOST: runnerHost,
  DAGGER_CLI: cli = "dagger",
  /** Any image with a POSIX shell and core utilities that the engine can pull. */
  DAGGER_TEST_IMAGE: image = "alpine:3.20",
  // biome-ignore lint/style/noProcessEnv: switches of the tests, not configuration of the product
} = process.env;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** What the engine itself gives to every command. */
const ENGINE_VARIABLES = [
  "BAGGAGE",
  "HOME",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
  "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
  "OTEL_EXPORTER_OTLP_PROTOCOL",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_LIVE",
  "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
  "OTEL_TRACES_EXPORTER",
  "TRACEPARENT",
];

if (runnerHost) {
  describeRunner(`the Dagger runner with the engine at ${runnerHost}`, {
    createRunner: async () => {
      const runner = await createDaggerRunner({ cli, runnerHost, configPath: null });
      await runner.checkEngine(120_000);
      return runner;
    },
    image,
    signals: "exit-code",
    graceful: false,
    bytes: "utf-8",
    environment: ["DAGLINE_ATTEMPT", "PATH", "TASK_OUTPUT", ...ENGINE_VARIABLES],
  });
} else {
  const reason = "DAGGER_RUNNER_HOST is not set; the stand-in proves our side only";
  process.stdout.write(`SKIPPED: the Dagger runner against a live engine (${reason}).\n`);
  describe("the Dagger runner with a live engine", () => it.skip(reason));
}
