import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { Identity } from "./identity";
import { disarmPidFile } from "./postmaster";

const LOG_LIMIT_BYTES = 10_000_000;

type Launch = {
  dir: string;
  identity: Identity;
  port: number;
  settings: Record<string, string>;
};

/** Starts the server process of this folder; it may still end at once, with the reason in its log. */
export function launchPostgres({ dir, identity, port, settings }: Launch): ChildProcess {
  const cluster = join(dir, "cluster");
  disarmPidFile(cluster);
  const all = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    logging_collector: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [...identity.prefix, join(identity.binaries, "bin/postgres"), "-D", cluster];
  const log = openLog(dir);
  try {
    // Detached: Ctrl+C reaches the launcher alone, which stops the database last.
    return spawn(command[0] ?? "", [...command.slice(1), ...args], {
      ...identity.user,
      cwd: "/",
      detached: true,
      stdio: ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** A port nobody listens on: the preferred one, if it is free. */
export async function findFreePort(preferred = 0): Promise<number> {
  const server = createServer();
  try {
    server.listen(preferred, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
    return port;
  } catch (error) {
    if (preferred === 0) throw error;
    return await findFreePort();
  } finally {
    server.close();
  }
}

/** The last lines of the server's log, where it says why it did not start. */
export function readLogTail(dir: string): string {
  const path = join(dir, "postgres.log");
  if (!existsSync(path)) return "it wrote no log";
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-6).join("\n");
}

function openLog(dir: string): number {
  const path = join(dir, "postgres.log");
  if (existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}
