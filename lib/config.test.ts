import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { defaultBreakerPolicy } from "@/lib/domain/circuit-breaker";
import { ConfigError, isLoopback, readConfig, variableNames } from "./config";

describe("readConfig", () => {
  it("has a default for everything", () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      dataDir: resolve(".data"),
      host: "127.0.0.1",
      port: 3000,
      appUrl: "http://127.0.0.1:3000",
      allowedHosts: [],
      maxConcurrentExecutions: 10,
      schedulerIntervalSeconds: 5,
      heartbeatIntervalSeconds: 5,
      leaseDurationSeconds: 30,
      sweepIntervalSeconds: 5,
      drainTimeoutSeconds: 30,
      cancelGraceSeconds: 10,
      starvationBoundSeconds: 600,
      retentionDays: 90,
      breaker: defaultBreakerPolicy,
      runner: "auto",
      allowProcessRunner: true,
      daggerRunnerHost: null,
      daggerCli: null,
      daggerConfigPath: null,
      logLevel: "info",
      metricsPort: null,
      tracing: null,
      exampleProject: true,
      secrets: {},
      bootId: null,
    });
  });

  it.each([
    ["DATABASE_URL", "postgres://u:p@db:5432/x", { databaseUrl: "postgres://u:p@db:5432/x" }],
    ["DATABASE_URL", "postgresql://db/x", { databaseUrl: "postgresql://db/x" }],
    ["DATA_DIR", "/var/lib/dagline", { dataDir: "/var/lib/dagline" }],
    ["HOST", "0.0.0.0", { host: "0.0.0.0", appUrl: "http://127.0.0.1:3000" }],
    ["HOST", "::1", { host: "::1", appUrl: "http://[::1]:3000", allowProcessRunner: true }],
    ["HOST", "192.168.1.5", { host: "192.168.1.5", allowProcessRunner: false }],
    ["PORT", "8080", { port: 8080, appUrl: "http://127.0.0.1:8080" }],
    ["PORT", " 8080 ", { port: 8080 }],
    ["PORT", "", { port: 3000 }],
    ["APP_URL", "https://dagline.example.org", { appUrl: "https://dagline.example.org" }],
    ["ALLOWED_HOSTS", "A.local, 10.0.0.5:3000", { allowedHosts: ["a.local", "10.0.0.5:3000"] }],
    ["ALLOWED_HOSTS", "[::1]:3000", { allowedHosts: ["[::1]:3000"] }],
    ["MAX_CONCURRENT_EXECUTIONS", "1", { maxConcurrentExecutions: 1 }],
    ["SCHEDULER_INTERVAL", "0.5", { schedulerIntervalSeconds: 0.5 }],
    ["DRAIN_TIMEOUT", "0", { drainTimeoutSeconds: 0 }],
    ["RETENTION_DAYS", "7", { retentionDays: 7 }],
    ["RETENTION_DAYS", "never", { retentionDays: null }],
    ["RETENTION_DAYS", "0", { retentionDays: null }],
    ["RUNNER", "process", { runner: "process" }],
    ["DAGGER_RUNNER_HOST", "tcp://10.0.0.1:1234", { daggerRunnerHost: "tcp://10.0.0.1:1234" }],
    ["EXAMPLE_PROJECT", "false", { exampleProject: false }],
    ["LOG_LEVEL", "debug", { logLevel: "debug" }],
    ["METRICS_PORT", "9464", { metricsPort: 9464 }],
  ])("reads %s=%j", (name, value, expected) => {
    expect(readConfig({ [name]: value })).toMatchObject(expected);
  });

  it.each([
    ["DATABASE_URL", "mysql://db/x", "an address such as postgres://"],
    ["DATABASE_URL", "localhost", "an address such as postgres://"],
    ["HOST", "http://localhost", "a host name or an IP address"],
    ["HOST", "localhost:80", "a host name or an IP address"],
    ["PORT", "0", "a whole number from 1 to 65535"],
    ["PORT", "65536", "a whole number from 1 to 65535"],
    ["PORT", "3000.5", "a whole number from 1 to 65535"],
    ["PORT", "0x10", "a whole number from 1 to 65535"],
    ["PORT", "three", "a whole number from 1 to 65535"],
    ["APP_URL", "javascript:alert(1)", "an address such as https://"],
    ["ALLOWED_HOSTS", "a,,b", "host names with commas"],
    ["ALLOWED_HOSTS", "http://a", "host names with commas"],
    ["MAX_CONCURRENT_EXECUTIONS", "0", "a whole number from 1 to 1000"],
    ["MAX_CONCURRENT_EXECUTIONS", "-3", "a whole number from 1 to 1000"],
    ["SCHEDULER_INTERVAL", "0", "a number of seconds from 0.1 to 3600"],
    ["LEASE_DURATION", "30s", "a number of seconds from 1 to 86400"],
    ["RETENTION_DAYS", "1.5", "a whole number of days from 1 to 36500, or never"],
    ["RETENTION_DAYS", "forever", "a whole number of days from 1 to 36500, or never"],
    ["DRAIN_TIMEOUT", "Infinity", "a number of seconds from 0 to 86400"],
    ["RUNNER", "docker", "auto, dagger or process"],
    ["ALLOW_PROCESS_RUNNER", "yes", "true or false"],
    ["DAGGER_RUNNER_HOST", "10.0.0.1", "an address such as tcp://"],
    ["DATA_DIR", "a\0b", "a path"],
    ["LOG_LEVEL", "INFO", "fatal, error, warn, info, debug, trace or silent"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "an address such as http://127.0.0.1:4318"],
    ["METRICS_PORT", "0", "a whole number from 1 to 65535"],
    ["EXAMPLE_PROJECT", "no", "true or false"],
  ])("refuses %s=%j and says what is accepted", (name, value, accepted) => {
    const read = () => readConfig({ [name]: value });

    expect(read).toThrow(ConfigError);
    expect(read).toThrow(`${name} is "${value}", but must be ${accepted}`);
  });

  it("keeps a password out of the message", () => {
    expect(() => readConfig({ DATABASE_URL: "mysql://me:secret@db/x" })).toThrow(
      'DATABASE_URL is "mysql://me:…@db/x"',
    );
  });

  it("sends traces to where OpenTelemetry's own variables say", () => {
    const read = (env: Record<string, string>) => readConfig(env).tracing;
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "https://otel.example.org/in/" };

    expect(read({ OTEL_SERVICE_NAME: "x", OTEL_EXPORTER_OTLP_HEADERS: "a=b" })).toBeNull();
    expect(read(endpoint)).toEqual({
      url: "https://otel.example.org/in/v1/traces",
      headers: {},
      serviceName: "dagline",
    });
    const headers = "api-key=a%2Cb=c, team=ops";
    const given = { OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_SERVICE_NAME: "night shift" };
    expect(read({ ...endpoint, ...given })).toMatchObject({
      headers: { "api-key": "a,b=c", team: "ops" },
      serviceName: "night shift",
    });
  });

  it.each(["api-key", "=s3cret", "a b=s3cret", "k=s3cret%0A", "k=s3cret%", "k=s3cret,"])(
    "refuses the headers %j without repeating them",
    (headers) => {
      const read = () => readConfig({ OTEL_EXPORTER_OTLP_HEADERS: headers });

      expect(read).toThrow(/^OTEL_EXPORTER_OTLP_HEADERS is "…", but must be headers with commas/);
    },
  );

  it("refuses a lease that one late heartbeat would lose", () => {
    const read = () => readConfig({ HEARTBEAT_INTERVAL: "10", LEASE_DURATION: "19" });

    expect(read).toThrow(/LEASE_DURATION is "19".*at least twice HEARTBEAT_INTERVAL \(10\)/);
    expect(readConfig({ HEARTBEAT_INTERVAL: "10", LEASE_DURATION: "20" })).toBeTruthy();
  });

  it("runs commands for other machines only where that is said", () => {
    const open = { HOST: "0.0.0.0", RUNNER: "process" };

    expect(() => readConfig(open)).toThrow(/set ALLOW_PROCESS_RUNNER=true/);
    expect(readConfig({ ...open, ALLOW_PROCESS_RUNNER: "true" }).allowProcessRunner).toBe(true);
  });

  it("refuses a misspelt variable of its own, but takes secrets and what the launcher sets", () => {
    expect(() => readConfig({ DAGLINE_PORT: "1" })).toThrow(/^DAGLINE_PORT is not a variable/);
    expect(readConfig({ DAGLINE_SECRET_TOKEN: "s", DAGLINE_BOOT_ID: "b" }).bootId).toBe("b");
  });
});

describe("the README", () => {
  it.each(variableNames)("explains %s", (name) => {
    expect(readFileSync("README.md", "utf8")).toContain(`| \`${name}\` |`);
  });
});

describe(".env.example", () => {
  it("names every variable, with its default", () => {
    const example = parseEnv(readFileSync(".env.example", "utf8")) as Record<string, string>;

    expect(Object.keys(example).sort()).toEqual([...variableNames].sort());
    expect({ ...readConfig(example) }).toEqual(readConfig({}));
  });
});

describe("isLoopback", () => {
  it.each([
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["localhost", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["::", false],
    ["127.example.org", false],
    ["10.0.0.1", false],
  ])("says of %s: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
