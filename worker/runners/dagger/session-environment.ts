import { spawnSync } from "node:child_process";
import { findProgram } from "@/worker/runners/process/launcher";

export type SessionEnvironmentOptions = {
  /** Where the engine is ("unix://…", "tcp://…", …); null lets the CLI choose. */
  runnerHost: string | null;
  /** Folder that holds Dagger's own settings (dagger/engine.json); null means the user's. */
  configPath: string | null;
};

/**
 * The environment of the Dagger CLI. It is the worker's own, because the CLI needs what an operator's shell would give it
 * (PATH, HOME, DOCKER_HOST, proxies, certificates), without what would make it join another session or trace, or wait for a
 * collector of traces, and without our own secrets.
 */
export function sessionEnvironment(
  options: SessionEnvironmentOptions,
): Record<string, string | undefined> {
  // biome-ignore lint/style/noProcessEnv: handed on to a child process, not read as configuration.
  const inherited = Object.entries(process.env).filter(([name]) => !isKeptBack(name));
  return {
    ...Object.fromEntries(inherited),
    DAGGER_SILENT: "1",
    DO_NOT_TRACK: "1",
    ...(options.runnerHost !== null && { _EXPERIMENTAL_DAGGER_RUNNER_HOST: options.runnerHost }),
    ...(options.configPath !== null && { XDG_CONFIG_HOME: options.configPath }),
  };
}

function isKeptBack(name: string): boolean {
  return /^(DAGGER_SESSION_.*|DAGLINE_.*|TRACEPARENT|TRACESTATE|BAGGAGE|OTEL_.*|DATABASE_URL)$/.test(
    name,
  );
}

/** Where programs are looked for. */
export function searchPath(): string {
  // biome-ignore lint/style/noProcessEnv: the search path belongs to the operating system, not to our configuration.
  return process.env.PATH ?? "";
}

let setpriv: Promise<string | null> | undefined;

/**
 * A command line whose process is killed by the kernel when its parent dies, kill -9 included. Where that cannot be had the
 * command stands alone: the CLI also ends by itself when its standard input closes.
 */
export async function dieWithParent(argv: string[]): Promise<string[]> {
  setpriv ??= findSetpriv();
  const found = await setpriv;
  return found === null ? argv : [found, "--pdeathsig", "KILL", "--", ...argv];
}

/** Some systems have a setpriv that does not know --pdeathsig, so it is tried out. */
async function findSetpriv(): Promise<string | null> {
  const found = await findProgram("setpriv", searchPath(), "/");
  if (found === null) return null;
  const trial = spawnSync(found, ["--pdeathsig", "KILL", "--", "true"], { stdio: "ignore" });
  return trial.status === 0 ? found : null;
}
