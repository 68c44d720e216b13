import type { Logger } from "pino";
import { type Config, ConfigError, isLoopback } from "@/lib/config";
import { log as rootLog } from "@/lib/log";
import { searchPath } from "./dagger/session-environment";
import { DaggerVersionError } from "./dagger/version";
import { createDaggerRunner, type DaggerRunner } from "./dagger-runner";
import { findProgram } from "./process/launcher";
import { createProcessRunner } from "./process-runner";
import type { Runner } from "./runner";

/** What the choice depends on. */
export type RunnerConfig = Pick<
  Config,
  | "runner"
  | "host"
  | "allowProcessRunner"
  | "dataDir"
  | "daggerRunnerHost"
  | "daggerCli"
  | "daggerConfigPath"
>;

const ENGINE_ANSWERS_WITHIN_MS = 10_000;

/**
 * The runner of this worker: the configured one, or with `auto` Dagger when an engine answers and local processes when none
 * does. Who names an engine has asked for Dagger: it never becomes processes of this host by itself. Throws a ConfigError
 * when neither can be used. An engine that is asked for but silent is waited for at run time.
 */
export async function chooseRunner(config: RunnerConfig, log: Logger = rootLog): Promise<Runner> {
  if (config.runner === "process") return chooseProcesses(config, "RUNNER is process", log);

  const askedBy = whatAsksForDagger(config);
  const cli = config.daggerCli ?? "dagger";
  if ((await findProgram(cli, searchPath(), process.cwd())) === null) {
    if (askedBy !== null) throw new ConfigError(explainMissingCli(cli, askedBy));
    return chooseProcesses(config, `there is no Dagger CLI "${cli}"`, log);
  }

  const { daggerRunnerHost: runnerHost, daggerConfigPath: configPath } = config;
  const dagger = await createDaggerRunner({ cli, runnerHost, configPath });
  const trouble = await findTrouble(dagger, log);
  if (trouble === null) return dagger;
  if (askedBy !== null && !(trouble instanceof DaggerVersionError)) {
    log.warn({ runner: "dagger", reason: trouble.message }, "runner chosen, engine not reached");
    return dagger;
  }
  await dagger.close();
  if (askedBy !== null) throw new ConfigError(trouble.message);
  return chooseProcesses(config, trouble.message, log);
}

/** What says that tasks are to run in containers, as words for people; null when nothing does. */
function whatAsksForDagger(config: RunnerConfig): string | null {
  if (config.runner === "dagger") return 'RUNNER is "dagger"';
  if (config.daggerRunnerHost !== null) return "DAGGER_RUNNER_HOST names an engine";
  return config.daggerConfigPath === null ? null : "DAGGER_CONFIG_PATH configures an engine";
}

function explainMissingCli(cli: string, askedBy: string): string {
  return `${askedBy}, but there is no Dagger CLI "${cli}": install it, name it in DAGGER_CLI, or set RUNNER=process to run commands on this machine.`;
}

/** What keeps an engine from being used; null when it answers and fits. */
async function findTrouble(dagger: DaggerRunner, log: Logger): Promise<Error | null> {
  try {
    const engineVersion = await dagger.checkEngine(ENGINE_ANSWERS_WITHIN_MS);
    log.info({ runner: "dagger", engineVersion }, "runner chosen");
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function chooseProcesses(config: RunnerConfig, reason: string, log: Logger): Promise<Runner> {
  if (!config.allowProcessRunner && !isLoopback(config.host)) {
    throw new ConfigError(
      `Tasks would run as processes of this machine (${reason}), but HOST is "${config.host}", so others could run commands here: configure a Dagger engine, or set ALLOW_PROCESS_RUNNER=true if that is meant.`,
    );
  }
  log.info({ runner: "process", reason }, "runner chosen");
  return createProcessRunner({ dataDir: config.dataDir, log });
}
