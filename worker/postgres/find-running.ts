import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { POSTGRES_USER, readPassword } from "./cluster";
import { readPostmaster } from "./postmaster";

/** The address of the embedded PostgreSQL that runs on this data folder; null when none does. */
export function findRunningPostgres(dataDir: string): string | null {
  const folder = join(dataDir, "postgres");
  if (!existsSync(join(folder, "cluster"))) return null;
  const cluster = join(realpathSync(folder), "cluster");
  const running = readPostmaster(cluster);
  if (running?.status !== "ready") return null;
  return `postgres://${POSTGRES_USER}:${readPassword(cluster)}@127.0.0.1:${running.port}/postgres`;
}
