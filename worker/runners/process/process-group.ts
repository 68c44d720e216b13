import type { StdioOptions } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command, Launched, Launcher } from "./launcher";
import { startProcess } from "./launcher";
import { getCode, WorkRefused } from "./start-failure";

const ROUNDS = 100;
const BETWEEN_ROUNDS_MS = 10;

/**
 * Starts every command in a process group of its own: the way for machines without process namespaces. What leaves the group
 * is looked up by a variable it inherited, where there is a /proc to look into. A worker that is killed cannot do even that,
 * so the next one does it for the folders that were left behind.
 */
export const groupLauncher: Launcher = {
  sentence:
    "This machine allows no process namespaces: what a command leaves in the background is searched for and killed, and after the loss of a worker only when the next one starts.",
  launch: launchInGroup,
};

async function launchInGroup(command: Command): Promise<Launched> {
  const { argv, env, cwd, stdout, stderr } = command;
  const stdio: StdioOptions = ["ignore", stdout, stderr];
  const { child, ended } = await startProcess(argv, { cwd, env, stdio }).catch((error) => {
    if (getCode(error) !== "ENOENT" && getCode(error) !== "EACCES") throw error;
    const message = `The program "${argv[0]}" exists but cannot be started; look at the interpreter in its first line.`;
    throw new WorkRefused("command_not_found", message);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("A process that was started has no id.");
  return {
    ended,
    askToEnd: () => {
      kill(-pid, "SIGTERM");
      kill(-pid, "SIGCONT");
    },
    destroy: async () => {
      kill(-pid, "SIGKILL");
      await killMarked(command.mark);
      await ended;
    },
  };
}

/** Kills every process whose environment holds `mark`; again until none is found, for they may fork meanwhile. */
export async function killMarked(mark: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const pids = await listMarked(mark);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid, "SIGKILL");
    await sleep(BETWEEN_ROUNDS_MS);
  }
}

async function listMarked(mark: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(pids.map((pid) => isMarked(pid, mark)));
  return pids.filter((_, i) => marked[i]);
}

async function isMarked(pid: number, mark: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, "latin1");
    return environment.split("\0").includes(Buffer.from(mark).toString("latin1"));
  } catch {
    return false; // It has ended, or it is another user's.
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Nobody is left to receive it.
  }
}
