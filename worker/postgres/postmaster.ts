import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isPostgresOf } from "./process-info";

export type Postmaster = { pid: number; port: number; status: "starting" | "ready" | "stopping" };

/** The server that holds this cluster, by its own postmaster.pid; null when there is none alive. */
export function readPostmaster(cluster: string): Postmaster | null {
  const lines = readPidFile(cluster);
  const pid = Number(lines[0]);
  if (!(pid > 0) || !isPostgresOf(pid, cluster)) return null;
  return { pid, port: Number(lines[3]), status: statusOf(lines[7]) };
}

/**
 * Lets PostgreSQL start although the pid in a left-over postmaster.pid is taken by a zombie or a stranger: it
 * ignores its parent's pid there. The rest stays, since PostgreSQL finds surviving backends by it.
 */
export function disarmPidFile(cluster: string): void {
  const lines = readPidFile(cluster);
  if (lines.length === 0 || readPostmaster(cluster)) return;
  lines[0] = String(process.pid);
  writeFileSync(join(cluster, "postmaster.pid"), lines.join("\n"));
}

function readPidFile(cluster: string): string[] {
  const path = join(cluster, "postmaster.pid");
  if (!existsSync(path)) return [];
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch (error) {
    // It was removed between the two calls: the server has just ended.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function statusOf(line = ""): Postmaster["status"] {
  if (line.startsWith("ready")) return "ready";
  return line.startsWith("stopping") ? "stopping" : "starting";
}
