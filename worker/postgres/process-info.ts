import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether this pid is a live PostgreSQL that serves this folder, not a zombie or a stranger that got the same number. */
export function isPostgresOf(pid: number, clusterDir: string): boolean {
  const command = commandLine(pid);
  return command.includes("postgres") && command.includes(clusterDir);
}

/** What tells this process from a later one with the same pid; null when there is none. */
export function processIdentity(pid: number): string | null {
  if (process.platform !== "linux") return ps(pid, "lstart=") || null;
  const fields = statFields(pid);
  return fields.length < 20 || fields[0] === "Z" ? null : `${pid}:${fields[19]}`;
}

/** The pid of the parent of this process; null when it has ended, or where this is not known. */
export function parentOf(pid: number): number | null {
  if (process.platform !== "linux") return Number(ps(pid, "ppid=")) || null;
  return Number(statFields(pid)[1]) || null;
}

/** Everybody may read a command line, unlike a working folder; a zombie has none. */
export function commandLine(pid: number): string {
  return process.platform === "linux"
    ? readProc(pid, "cmdline").replaceAll("\0", " ")
    : ps(pid, "command=");
}

// The second field, the command in parentheses, may itself hold blanks: count from the last parenthesis.
function statFields(pid: number): string[] {
  const stat = readProc(pid, "stat");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readProc(pid: number, file: "stat" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function ps(pid: number, field: string): string {
  return spawnSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
}
