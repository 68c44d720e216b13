import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command, Ending, Launched, Launcher } from "./launcher";
import { findProgram, SYSTEM_PATH, startProcess } from "./launcher";
import { WorkRefused } from "./start-failure";

const READY_WITHIN_MS = 10_000;
const ASK_AGAIN_AFTER_MS = 20;
const GONE_WITHIN_MS = 5_000;

/**
 * Starts every command inside a process namespace of its own, which nothing can leave: not by setsid, nohup or a double
 * fork. The kernel kills all of it when its first process ends, and that one is ours: a `cat` that reads a pipe held by
 * this worker. The pipe closes when we close it, and also when the worker dies, however it dies.
 *
 * The command itself is not the first process, because that one ignores every signal it has no handler for. It is entered
 * through nsenter, which stays outside and ends just as the command ended, by the same exit code or signal.
 *
 * Null where this machine does not allow such namespaces.
 */
export async function findNamespaceLauncher(): Promise<Launcher | null> {
  const tools = await findTools();
  if (!tools) return null;
  // The first process inherits the orphans. With SIGCHLD ignored the kernel buries them; not every `env` can do that.
  for (const first of [[tools.env, "--ignore-signal=CHLD", tools.cat], [tools.cat]]) {
    const launch = (command: Command) => launchInside(tools, first, command);
    if (await works(launch)) return { sentence: SENTENCE, launch };
  }
  return null;
}

const SENTENCE =
  "Each command has a process namespace of its own, so nothing of it can stay behind.";

type Tools = Record<"unshare" | "nsenter" | "env" | "cat" | "sh", string>;

async function findTools(): Promise<Tools | null> {
  const find = (name: string) => findProgram(name, SYSTEM_PATH, "/");
  const names = ["unshare", "nsenter", "env", "cat", "sh"] as const;
  const [unshare, nsenter, env, cat, sh] = await Promise.all(names.map(find));
  return unshare && nsenter && env && cat && sh ? { unshare, nsenter, env, cat, sh } : null;
}

/** A real try: the process ids must be new, and a signal must come back as a signal. */
async function works(launch: Launcher["launch"]): Promise<boolean> {
  const script = 'test "$$" -lt 10 && kill -s KILL "$$"';
  try {
    const argv = ["sh", "-c", script];
    const env = { PATH: SYSTEM_PATH };
    const { signal } = new AbortController();
    const silent = { stdout: "ignore", stderr: "ignore" } as const;
    const launched = await launch({ argv, env, cwd: "/", ...silent, mark: "", signal });
    const ending = await launched?.ended;
    await launched?.destroy();
    return ending?.signal === "SIGKILL";
  } catch {
    return false;
  }
}

async function launchInside(
  tools: Tools,
  first: string[],
  command: Command,
): Promise<Launched | null> {
  const namespace = await openNamespace(tools, first);
  // On a busy machine that takes so long that the lease may be lost meanwhile.
  if (command.signal.aborted) {
    await namespace.destroy();
    return null;
  }
  const inside = [tools.nsenter, ...namespace.options, "--preserve-credentials"];
  // nsenter would leave us in the folder as the host's mounts show it; unshare goes there from within.
  const argv = [...inside, namespace.mount, "--", tools.unshare, `--wd=${command.cwd}`, "--"];
  const { env, stdout, stderr } = command;
  const entered = await startProcess([...argv, ...command.argv], {
    cwd: "/",
    env,
    stdio: ["ignore", stdout, stderr],
  }).catch(async (error) => {
    await namespace.destroy();
    throw error;
  });

  let over = false;
  void entered.ended.then(() => {
    over = true;
  });
  const askToEnd = async () => {
    // SIGCONT lets a stopped process take note. "-1" is everyone in the namespace but its first process; while the command
    // is still on its way in there is nobody, so it is asked again.
    const script = "kill -s TERM -- -1 && kill -s CONT -- -1";
    while (!over) {
      const asked = await endOf([...inside, "--", tools.sh, "-c", script]);
      if (asked?.exitCode === 0) return;
      await sleep(ASK_AGAIN_AFTER_MS);
    }
  };
  return {
    ended: entered.ended,
    askToEnd: () => void askToEnd(),
    destroy: async () => {
      // nsenter stops together with its command and could not bury it, which the namespace's end waits for.
      if (!over) entered.child.kill("SIGKILL");
      await namespace.destroy();
      await entered.ended;
    },
  };
}

/** How a helper program ended; null when it could not be started, as when the machine is out of processes. */
async function endOf(argv: string[]): Promise<Ending | null> {
  try {
    const started = await startProcess(argv, { cwd: "/", env: {}, stdio: "ignore" });
    return await started.ended;
  } catch {
    return null;
  }
}

type Namespace = {
  /** Options that make nsenter join it. */
  options: string[];
  mount: string;
  /** Kills all that is in it; resolves when the kernel has buried the last of it. */
  destroy: () => Promise<void>;
};

async function openNamespace(tools: Tools, first: string[]): Promise<Namespace> {
  const own = ["--user", "--map-current-user", "--pid", "--mount-proc"];
  const { child, ended } = await startProcess(
    [tools.unshare, ...own, "--fork", "--kill-child=SIGKILL", "--", ...first],
    { cwd: "/", env: {}, stdio: ["pipe", "pipe", "ignore"] },
  );
  const destroy = async () => {
    child.stdin?.destroy();
    // A task that may trace its namespace's first process could hold it; killing unshare makes the kernel kill it.
    const timer = setTimeout(() => child.kill("SIGKILL"), GONE_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  };
  try {
    await echoes(child);
  } catch (error) {
    await destroy();
    throw error;
  }
  const of = (kind: string) => `/proc/${child.pid}/ns/${kind}`;
  return {
    options: [`--user=${of("user")}`, `--pid=${of("pid_for_children")}`],
    mount: `--mount=${of("mnt")}`,
    destroy,
  };
}

/** Resolves when the first process runs: it sends back what it is given. */
async function echoes(child: ChildProcess): Promise<void> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("The namespace was started without pipes.");
  await new Promise<void>((settle, fail) => {
    const give = (reason: string) =>
      fail(new WorkRefused("infrastructure", `No process namespace could be made: ${reason}.`));
    const timer = setTimeout(() => give("it was not ready in time"), READY_WITHIN_MS);
    const done = () => clearTimeout(timer);
    stdout.once("data", () => {
      done();
      settle();
    });
    stdout.once("close", () => {
      done();
      give("this machine refused it");
    });
    // EPIPE when it has already ended, which the other pipe's end reports.
    stdin.on("error", () => undefined);
    stdin.write("\n");
  });
}
