import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A name for this process that no other one ever has, for what it may leave behind: three words with dots between. */
export function nameOwner(): string {
  return [PLACE, process.pid, getBirth(process.pid)].join(".");
}

/** What became of the process that `nameOwner` has named; `elsewhere`: nothing tells from here. */
export function findOwner(name: string): "alive" | "gone" | "elsewhere" {
  const [place, pid, birth] = name.split(".");
  if (place !== PLACE) return "elsewhere";
  return getBirth(Number(pid)) === birth ? "alive" : "gone";
}

/** Where process ids have a meaning: the same id elsewhere (another container, another host) is another process. */
const PLACE = digest([hostname(), orEmpty(() => readlinkSync("/proc/self/ns/pid"))]);
const BOOT = orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));

/** Tells a process from a later one with the same id; null when there is none. */
function getBirth(pid: number): string | null {
  if (process.platform !== "linux") return orEmpty(() => String(process.kill(pid, 0))) || null;
  const line = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // Fields after the program's name, which may itself hold spaces and parentheses: state first, start time twentieth.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  if (line === "" || fields[0] === "Z") return null;
  return digest([BOOT, fields[19] ?? ""]);
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function digest(parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 12);
}
