import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";

/** How PostgreSQL programs are called here: what goes before the command, as whom, and from which folder. */
export type Identity = {
  prefix: string[];
  binaries: string;
  user: { uid: number; gid: number } | undefined;
};

/**
 * PostgreSQL refuses to run as root. Root's programs therefore get a user namespace of their own, where they keep
 * the right to root's files but have another number; where those are forbidden they run as "nobody".
 */
export function chooseIdentity(binaries: string, dir: string): Identity {
  if (process.getuid?.() !== 0) return { prefix: deathSignal(), binaries, user: undefined };
  if (succeeds("unshare", ["--user", "--", "true"])) {
    return { prefix: ["unshare", "--user", "--", ...deathSignal()], binaries, user: undefined };
  }
  return runAsNobody(binaries, dir);
}

// Asks the kernel to stop PostgreSQL cleanly when the launcher dies, even by SIGKILL.
function deathSignal(): string[] {
  const prefix = ["setpriv", "--pdeathsig", "INT", "--"];
  return succeeds("setpriv", [...prefix.slice(1), "true"]) ? prefix : [];
}

function runAsNobody(binaries: string, dir: string): Identity {
  const user = { uid: lookUp("-u"), gid: lookUp("-g") };
  chownSync(dir, user.uid, user.gid);
  if (!canReach(dir, user)) {
    throw new Error(
      `PostgreSQL refuses to run as root, user namespaces are not allowed here, and "nobody" cannot reach ${dir}. ` +
        "Set DATA_DIR to a folder below one that everybody may enter, start as an ordinary user, or set DATABASE_URL.",
    );
  }
  const readable = canReach(join(binaries, "bin/postgres"), user)
    ? binaries
    : copyBinaries(binaries, join(dir, "binaries"));
  return { prefix: deathSignal(), binaries: readable, user };
}

function copyBinaries(from: string, to: string): string {
  if (existsSync(to)) return to;
  const copy = mkdtempSync(`${to}.new-`);
  cpSync(from, copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  renameSync(copy, to);
  return to;
}

function lookUp(option: "-u" | "-g"): number {
  return Number(spawnSync("id", [option, "nobody"], { encoding: "utf8" }).stdout);
}

function canReach(path: string, user: { uid: number; gid: number }): boolean {
  return spawnSync("test", ["-x", path], { ...user, cwd: "/" }).status === 0;
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
