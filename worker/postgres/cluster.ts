import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { EmbeddedPostgresError } from "./error";
import type { Identity } from "./identity";

export const POSTGRES_USER = "dagline";

/** The password of the cluster in this folder; creates the cluster first when there is none. */
export function prepareCluster(dir: string, identity: Identity): string {
  if (!existsSync(join(dir, "cluster"))) createCluster(dir, identity);
  return readPassword(join(dir, "cluster"));
}

/** The password that the cluster was created with. */
export function readPassword(cluster: string): string {
  return readFileSync(passwordFile(cluster), "utf8").trim();
}

// The finished cluster appears in one step, so that an interrupted start leaves nothing half made behind.
function createCluster(dir: string, identity: Identity): void {
  const temporary = mkdtempSync(join(dir, "new-"));
  const password = `${temporary}.password`;
  try {
    writeFileSync(password, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
    if (identity.user) {
      for (const path of [temporary, password]) {
        chownSync(path, identity.user.uid, identity.user.gid);
      }
    }
    runInitdb(temporary, password, identity);
    renameSync(password, passwordFile(temporary));
    chmodSync(temporary, 0o700);
    renameSync(temporary, join(dir, "cluster"));
  } catch (error) {
    // Whoever started at the same moment was faster: its cluster is as good as ours.
    if (!existsSync(join(dir, "cluster"))) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    rmSync(password, { force: true });
  }
}

function runInitdb(target: string, password: string, identity: Identity): void {
  const args = [
    `--pgdata=${target}`,
    `--username=${POSTGRES_USER}`,
    `--pwfile=${password}`,
    "--auth=scram-sha-256",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--encoding=UTF8",
    "--locale=C",
  ];
  const command = [...identity.prefix, join(identity.binaries, "bin/initdb"), ...args];
  const done = spawnSync(command[0] ?? "", command.slice(1), {
    ...identity.user,
    cwd: "/",
    encoding: "utf8",
  });
  if (done.status === 0) return;
  const reason = done.error?.message ?? `${done.stdout}\n${done.stderr}`.trim();
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL could not create its data folder ${target}: ${reason}`,
  );
}

// Inside the cluster, so that data and password are moved, copied and deleted together.
function passwordFile(cluster: string): string {
  return join(cluster, "dagline.password");
}
