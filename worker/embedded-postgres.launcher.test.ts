import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";
import { isPostgresOf, processIdentity } from "./postgres/process-info";

let dataDir: string;
let started: EmbeddedPostgres[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "dagline-postgres-"));
  started = [];
});

afterEach(async () => {
  for (const server of started) await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, ...options });
  started.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, statement: string) {
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

describe("the embedded PostgreSQL", () => {
  it("keeps its data from one start to the next", async () => {
    const first = await start();
    await query(first, "create table kept as select 'grüße' as word");
    await first.stop();
    await first.exited;

    const second = await start();

    expect(second.pid).not.toBe(first.pid);
    expect([...(await query(second, "select word from kept"))]).toEqual([{ word: "grüße" }]);
  });

  it("writes safely to disk, listens on loopback only and compares text by code point", async () => {
    const server = await start();

    const rows = await query(
      server,
      `select name, setting from pg_settings where name in
       ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories', 'TimeZone')`,
    );
    const locale = await query(
      server,
      "select datlocprovider, datlocale from pg_database where datname = current_database()",
    );

    expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      TimeZone: "UTC",
    });
    expect([...locale]).toEqual([{ datlocprovider: "b", datlocale: "C.UTF-8" }]);
  });

  it("refuses a connection without the password", async () => {
    const server = await start();
    const url = new URL(server.url);
    url.password = "wrong";

    await expect(query({ ...server, url: url.href }, "select 1")).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it("takes the port it is asked for, and another when that one is taken", async () => {
    const first = await start();
    await first.stop();

    const again = await start({ port: first.port });
    expect(again.port).toBe(first.port);

    const otherDir = mkdtempSync(join(tmpdir(), "dagline-postgres-"));
    const other = await startEmbeddedPostgres({ dataDir: otherDir, port: first.port });
    started.push(other);
    expect(other.port).not.toBe(first.port);
    await other.stop();
    rmSync(otherDir, { recursive: true });
  });

  it("adopts a server that runs already, also when both start at the same moment", async () => {
    const [one, two] = await Promise.all([start(), start()]);

    expect(one.pid).toBe(two.pid);
    expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
  });

  it("leaves a server alone that another live launcher has started", async () => {
    const server = await start();
    const owner = join(dataDir, "postgres/owner");
    const ours = readFileSync(owner, "utf8");
    const other = spawn("sleep", ["60"]);
    writeFileSync(owner, `${other.pid}\n${processIdentity(other.pid ?? 0)}\n`);

    await server.stop();
    expect(isPostgresOf(server.pid, cluster())).toBe(true);

    other.kill("SIGKILL");
    writeFileSync(owner, ours);
    await server.stop();
    expect(isPostgresOf(server.pid, cluster())).toBe(false);
  });

  it("recovers by itself after kill -9 of the server, and loses nothing that was committed", async () => {
    const first = await start();
    await query(first, "create table kept as select 1 as n");
    process.kill(first.pid, "SIGKILL");
    await first.exited;

    const second = await start();

    expect([...(await query(second, "select n from kept"))]).toEqual([{ n: 1 }]);
  });

  it("starts although the pid in a left-over pid file belongs to another process now", async () => {
    const first = await start();
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    const stranger = spawn("sleep", ["60"]);
    const pidFile = join(cluster(), "postmaster.pid");
    const lines = readFileSync(pidFile, "utf8").split("\n");
    writeFileSync(pidFile, [stranger.pid, ...lines.slice(1)].join("\n"));

    const second = await start();

    expect(second.adopted).toBe(false);
    expect(await query(second, "select 1")).toHaveLength(1);
    stranger.kill("SIGKILL");
  });

  it("says where to look when the server cannot start", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(cluster(), "PG_VERSION"), "9\n");

    await expect(start()).rejects.toThrow(/did not start[\s\S]*not compatible/);
  });
});

function cluster(): string {
  return join(dataDir, "postgres/cluster");
}
