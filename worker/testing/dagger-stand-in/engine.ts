import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findNamespaceLauncher } from "@/worker/runners/process/pid-namespace";
import { groupLauncher } from "@/worker/runners/process/process-group";
import { answerRequest, type Engine } from "./answer-request";

/** A Dagger engine for tests: what they may set of it, and what they may ask. */
export type StandIn = Engine["behaviour"] & {
  /** Path of the stand-in for the Dagger CLI. */
  cli: string;
  /** Address of the engine, as in DAGGER_RUNNER_HOST. */
  runnerHost: string;
  /** Sessions that have not been shut down. */
  countSessions(): number;
  /** Breaks all log streams that are open; they may be opened again. */
  breakLogs(): void;
  /** Ends the engine: connections break, commands die. */
  stop(): Promise<void>;
};

/**
 * Starts a stand-in for a Dagger engine in this process, at a port that is free or, as one that comes back, at the given
 * one. Commands really run, on this machine.
 */
export async function startStandIn({ port = 0 } = {}): Promise<StandIn> {
  const folder = await mkdtemp(path.join(tmpdir(), "dagger-stand-in-"));
  const launcher = (await findNamespaceLauncher()) ?? groupLauncher;
  const sessions: Engine["sessions"] = new Map();
  const cache: Engine["cache"] = new Map();
  const server = createServer((request, response) => {
    const engine = { behaviour: standIn, launcher, sessions, folder, cache };
    void answerRequest(engine, request, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    await Promise.all([...sessions.values()].map((session) => session.close()));
    await rm(folder, { recursive: true, force: true });
  }

  const standIn: StandIn = {
    cli: fileURLToPath(new URL("dagger.mjs", import.meta.url)),
    runnerHost: `tcp://127.0.0.1:${portOf(server.address())}`,
    fault: () => null,
    version: "v0.21.9",
    hasLogs: true,
    logPauseMs: 0,
    queries: [],
    countSessions: () => sessions.size,
    breakLogs: () => {
      for (const { logStreams } of sessions.values())
        for (const stream of logStreams) stream.destroy();
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
  return standIn;
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
