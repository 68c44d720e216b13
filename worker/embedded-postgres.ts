import type { ChildProcess } from "node:child_process";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openConnection } from "@/lib/db/open-connection";
import { findBinaries } from "./postgres/binaries";
import { POSTGRES_USER, prepareCluster } from "./postgres/cluster";
import { EmbeddedPostgresError } from "./postgres/error";
import { chooseIdentity } from "./postgres/identity";
import { findFreePort, launchPostgres, readLogTail } from "./postgres/launch";
import { becomeOwner, isOwnedByOther } from "./postgres/owner";
import { readPostmaster } from "./postgres/postmaster";
import { stopPostgres, waitForEnd } from "./postgres/stop";

export type EmbeddedPostgres = {
  url: string;
  port: number;
  pid: number;
  /** The server was running already: another launcher started it. */
  adopted: boolean;
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Ends the server, unless the launcher that started it still lives. */
  stop: () => Promise<void>;
};

type Options = {
  dataDir: string;
  /** The port to take when it is free; otherwise the system chooses one. */
  port?: number;
  /** Server settings besides our own, for tests. */
  settings?: Record<string, string>;
};

const START_TIMEOUT_MS = 60_000;
const MAX_LAUNCHES = 8;

/** Starts the PostgreSQL of this data folder, creating it first, or takes the one that runs there already. */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const folder = join(options.dataDir, "postgres");
  // Others may pass through the outer folder, as PostgreSQL does when it runs as another user, but not look around.
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const dir = realpathSync(folder);
  const identity = chooseIdentity(findBinaries(), dir);
  const password = prepareCluster(dir, identity);
  const launch = async () => {
    const port = await findFreePort(options.port);
    return launchPostgres({ dir, identity, port, settings: options.settings ?? {} });
  };
  return await untilReady(dir, password, launch);
}

async function untilReady(dir: string, password: string, launch: () => Promise<ChildProcess>) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let child: ChildProcess | null = null;
  let launches = 0;
  while (Date.now() < deadline) {
    const running = readPostmaster(join(dir, "cluster"));
    if (running?.status === "ready") {
      const url = `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${running.port}/postgres`;
      if (await answers(url))
        return own(dir, { ...running, url, adopted: running.pid !== child?.pid });
    }
    if (!running && hasEnded(child)) {
      if (launches === MAX_LAUNCHES) break;
      // The port may have been taken meanwhile, and backends of a killed server need a moment to end.
      await sleep(launches * 200);
      child = await launch();
      launches += 1;
    }
    await sleep(10);
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL did not start. The end of ${join(dir, "postgres.log")}:\n${readLogTail(dir)}`,
  );
}

type Running = { pid: number; port: number; url: string; adopted: boolean };

function own(dir: string, { pid, port, url, adopted }: Running): EmbeddedPostgres {
  const cluster = join(dir, "cluster");
  if (!isOwnedByOther(dir)) becomeOwner(dir);
  return {
    url,
    port,
    pid,
    adopted,
    exited: waitForEnd(pid, cluster),
    stop: async () => {
      if (!isOwnedByOther(dir)) await stopPostgres(pid, cluster);
    },
  };
}

function hasEnded(child: ChildProcess | null): boolean {
  return child === null || child.exitCode !== null || child.signalCode !== null;
}

async function answers(url: string): Promise<boolean> {
  const sql = openConnection(url);
  try {
    await sql`select 1`;
    return true;
  } catch {
    // Between two states of the server: the caller looks again.
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
