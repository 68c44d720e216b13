import { existsSync } from "node:fs";
import * as z from "zod";
import {
  address,
  daysOrNever,
  flag,
  headerList,
  hostList,
  hostName,
  label,
  oneOf,
  path,
  seconds,
  wholeNumber,
} from "./config-kinds";

// Each variable is explained in .env.example.
const schema = z.object({
  DATABASE_URL: address(
    ["postgres:", "postgresql:"],
    "postgres://user:password@host:5432/database",
  ).optional(),
  DATA_DIR: path().prefault(".data"),
  HOST: hostName().default("127.0.0.1"),
  PORT: wholeNumber(1, 65_535).default(3000),
  APP_URL: address(["http:", "https:"], "https://dagline.example.org").optional(),
  ALLOWED_HOSTS: hostList().default([]),
  MAX_CONCURRENT_EXECUTIONS: wholeNumber(1, 1000).default(10),
  SCHEDULER_INTERVAL: seconds(0.1, 3600).default(5),
  HEARTBEAT_INTERVAL: seconds(0.1, 3600).default(5),
  LEASE_DURATION: seconds(1, 86_400).default(30),
  SWEEP_INTERVAL: seconds(0.1, 3600).default(5),
  DRAIN_TIMEOUT: seconds(0, 86_400).default(30),
  CANCEL_GRACE: seconds(0, 3600).default(10),
  STARVATION_BOUND: seconds(1, 604_800).default(600),
  RETENTION_DAYS: daysOrNever(36_500).default(90),
  BREAKER_FAILURES: wholeNumber(1, 100).default(5),
  BREAKER_WINDOW: seconds(1, 3600).default(60),
  BREAKER_COOLDOWN: seconds(0.1, 3600).default(30),
  BREAKER_PROBES: wholeNumber(1, 100).default(2),
  RUNNER: oneOf(["auto", "dagger", "process"]).default("auto"),
  ALLOW_PROCESS_RUNNER: flag().default(false),
  DAGGER_RUNNER_HOST: address(
    [
      "tcp:",
      "unix:",
      "tls:",
      "docker-container:",
      "docker-image:",
      "container:",
      "image:",
      "kube-pod:",
      "ssh:",
    ],
    "tcp://127.0.0.1:1234",
  ).optional(),
  DAGGER_CLI: path().optional(),
  DAGGER_CONFIG_PATH: path().optional(),
  LOG_LEVEL: oneOf(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  METRICS_PORT: wholeNumber(1, 65_535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: address(["http:", "https:"], "http://127.0.0.1:4318").optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerList().default({}),
  OTEL_SERVICE_NAME: label().default("dagline"),
  EXAMPLE_PROJECT: flag().default(true),
});

/** Every variable that the product reads. */
export const variableNames = Object.keys(schema.shape);

const OWN_PREFIX = "DAGLINE_";
const SECRET_PREFIX = "DAGLINE_SECRET_";
/** Set by the launcher for the processes it starts. */
const BOOT_ID = "DAGLINE_BOOT_ID";

export type Config = ReturnType<typeof readConfig>;
type Environment = Record<string, string | undefined>;

/** A variable that cannot be used; the message is one sentence for the person who starts the program. */
export class ConfigError extends Error {}

/** Reads the configuration from these variables; throws a ConfigError that names the first one that is wrong. */
export function readConfig(env: Environment) {
  refuseUnknown(env);
  // A variable that is set to nothing is not set, as in a copied .env.example.
  const given = Object.fromEntries(
    variableNames.map((name) => [name, env[name]?.trim() || undefined]),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new ConfigError(explain(parsed.error, given));
  const values = parsed.data;
  refuseContradictions(values);
  return {
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.DATA_DIR,
    host: values.HOST,
    port: values.PORT,
    appUrl: values.APP_URL ?? localAddress(values.HOST, values.PORT),
    allowedHosts: values.ALLOWED_HOSTS,
    maxConcurrentExecutions: values.MAX_CONCURRENT_EXECUTIONS,
    schedulerIntervalSeconds: values.SCHEDULER_INTERVAL,
    heartbeatIntervalSeconds: values.HEARTBEAT_INTERVAL,
    leaseDurationSeconds: values.LEASE_DURATION,
    sweepIntervalSeconds: values.SWEEP_INTERVAL,
    drainTimeoutSeconds: values.DRAIN_TIMEOUT,
    cancelGraceSeconds: values.CANCEL_GRACE,
    starvationBoundSeconds: values.STARVATION_BOUND,
    /** How long runs are kept after their end; null for ever. */
    retentionDays: values.RETENTION_DAYS,
    breaker: {
      failures: values.BREAKER_FAILURES,
      windowSeconds: values.BREAKER_WINDOW,
      cooldownSeconds: values.BREAKER_COOLDOWN,
      probes: values.BREAKER_PROBES,
    },
    runner: values.RUNNER,
    allowProcessRunner: values.ALLOW_PROCESS_RUNNER || isLoopback(values.HOST),
    daggerRunnerHost: values.DAGGER_RUNNER_HOST ?? null,
    daggerCli: values.DAGGER_CLI ?? null,
    daggerConfigPath: values.DAGGER_CONFIG_PATH ?? null,
    logLevel: values.LOG_LEVEL,
    metricsPort: values.METRICS_PORT ?? null,
    /** Where traces of runs are sent; null when they are not. */
    tracing: values.OTEL_EXPORTER_OTLP_ENDPOINT
      ? {
          url: `${values.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, "")}/v1/traces`,
          headers: values.OTEL_EXPORTER_OTLP_HEADERS,
          serviceName: values.OTEL_SERVICE_NAME,
        }
      : null,
    exampleProject: values.EXAMPLE_PROJECT,
    /** Values that tasks may ask for by name: DAGLINE_SECRET_NAME is the secret NAME. */
    secrets: readSecrets(env),
    /** Names this start of the product; null in a process that was not started by the launcher. */
    bootId: env[BOOT_ID] ?? null,
  };
}

function readSecrets(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(SECRET_PREFIX) && value ? [[name.slice(SECRET_PREFIX.length), value]] : [],
    ),
  );
}

let cached: Config | undefined;

/** The configuration of this process. It is read on first use, since Next.js imports every file while it builds. */
export function getConfig(): Config {
  loadEnvFile();
  cached ??= readConfig(process.env);
  return cached;
}

/** How much to log. The logger exists before the configuration is checked, so a malformed level means the default. */
export function getLogLevel(): Config["logLevel"] {
  loadEnvFile();
  return schema.shape.LOG_LEVEL.catch("info").parse(process.env.LOG_LEVEL || undefined);
}

/** Values that must never be logged: secrets of tasks, the password of the database, what opens the trace collector. */
export function listSecretValues(): string[] {
  const { DATABASE_URL: url = "", OTEL_EXPORTER_OTLP_HEADERS: headers = "" } = process.env;
  const password = URL.canParse(url) ? new URL(url).password : "";
  const keys = headers.split(",").map((pair) => pair.slice(pair.indexOf("=") + 1).trim());
  const written = [...keys, password];
  return [...Object.values(readSecrets(process.env)), ...written, ...written.map(decodeOrKeep)];
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Variables that are set already win over the file.
function loadEnvFile(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
}

/** Whether only programs on this machine reach this host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function refuseUnknown(env: Environment): void {
  const unknown = Object.keys(env).find(
    (name) => name.startsWith(OWN_PREFIX) && !name.startsWith(SECRET_PREFIX) && name !== BOOT_ID,
  );
  if (!unknown) return;
  throw new ConfigError(
    `${unknown} is not a variable of Dagline: its variables have no prefix, except ${SECRET_PREFIX}<name> for the secrets of tasks.`,
  );
}

function explain(error: z.ZodError, given: Environment): string {
  const issue = error.issues[0];
  const name = String(issue?.path[0]);
  // An address may hold a password, a header a key, and this sentence ends up in logs.
  const value = name.endsWith("_HEADERS") ? "…" : (given[name] ?? "").replace(/:[^:@/]*@/, ":…@");
  return `${name} is "${value}", but must be ${issue?.message}.`;
}

function refuseContradictions(values: z.infer<typeof schema>): void {
  const { HEARTBEAT_INTERVAL, LEASE_DURATION, RUNNER, HOST, ALLOW_PROCESS_RUNNER } = values;
  if (LEASE_DURATION < 2 * HEARTBEAT_INTERVAL) {
    throw new ConfigError(
      `LEASE_DURATION is "${LEASE_DURATION}", but must be at least twice HEARTBEAT_INTERVAL (${HEARTBEAT_INTERVAL}), or a late heartbeat would lose a running task.`,
    );
  }
  if (RUNNER === "process" && !isLoopback(HOST) && !ALLOW_PROCESS_RUNNER) {
    throw new ConfigError(
      `RUNNER is "process", but HOST is "${HOST}", so others could run commands on this machine: set ALLOW_PROCESS_RUNNER=true if that is meant.`,
    );
  }
}

/** The address at which this machine reaches a server that listens on this host. */
export function localAddress(host: string, port: number): string {
  const anywhere = host === "0.0.0.0" || host === "::";
  if (anywhere) return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
