import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  renameSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { EmbeddedPostgresError } from "./error";

/** How PostgreSQL programs are called here: what goes before the command, and as whom. */
export type Identity = {
  prefix: string[];
  binaries: string;
  user: { uid: number; gid: number } | undefined;
};

/**
 * PostgreSQL refuses to run as root, or as a user without a name. Such a user's programs get a user namespace, where
 * they keep the right to the user's files but are "nobody"; where those are forbidden, root's run as another user.
 */
export function chooseIdentity(binaries: string, dir: string): Identity {
  const plain = { prefix: deathSignal(), binaries, user: undefined };
  const namespaced = { ...plain, prefix: ["unshare", "--user", "--", ...plain.prefix] };
  const own = process.getuid?.() ?? 0;
  if (own !== 0) return hasName(own) ? plain : namespaced;
  const owner = ownerOf(dir, binaries);
  // In the namespace root can no longer open what belongs to others.
  if (owner.uid !== 0) return asUser(hasName(owner.uid) ? plain : namespaced, owner, dir);
  return succeeds("unshare", ["--user", "--", "true"]) ? namespaced : asUser(plain, nobody(), dir);
}

// Asks the kernel to stop PostgreSQL cleanly when the launcher dies, even by SIGKILL.
function deathSignal(): string[] {
  const prefix = ["setpriv", "--pdeathsig", "INT", "--"];
  return succeeds("setpriv", [...prefix.slice(1), "true"]) ? prefix : [];
}

function hasName(uid: number): boolean {
  return succeeds("id", ["-un", String(uid)]);
}

// The data, once it is there, decides: PostgreSQL serves no folder of another user.
function ownerOf(dir: string, binaries: string): { uid: number; gid: number } {
  const cluster = join(dir, "cluster");
  const { uid, gid } = statSync(existsSync(cluster) ? cluster : binaries);
  return { uid, gid };
}

function nobody(): { uid: number; gid: number } {
  const lookUp = (option: string) => spawnSync("id", [option, "nobody"], { encoding: "utf8" });
  return { uid: Number(lookUp("-u").stdout), gid: Number(lookUp("-g").stdout) };
}

function asUser(identity: Identity, user: { uid: number; gid: number }, dir: string): Identity {
  chownSync(dir, user.uid, user.gid);
  if (!canEnter(dir, user)) {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and the user it would run as instead (${user.uid}) cannot enter ${dir}: ` +
        "set DATA_DIR to a folder below one that everybody may enter, start as an ordinary user, or set DATABASE_URL.",
    );
  }
  const { binaries } = identity;
  const readable = canEnter(join(binaries, "bin/postgres"), user)
    ? binaries
    : copyBinaries(binaries, join(dir, "binaries"));
  return { ...identity, binaries: readable, user };
}

function copyBinaries(from: string, to: string): string {
  if (existsSync(to)) return to;
  const copy = mkdtempSync(`${to}.new-`);
  cpSync(from, copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  renameSync(copy, to);
  return to;
}

function canEnter(path: string, user: { uid: number; gid: number }): boolean {
  return spawnSync("test", ["-x", path], { ...user, cwd: "/" }).status === 0;
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
