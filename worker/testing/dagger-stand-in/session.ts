import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { createLogStore, type LogStore } from "./log-store";
import type { StandInObject } from "./objects";

/** What the stand-in engine knows of one session. */
export type StandInSession = {
  objects: Map<string, StandInObject>;
  secrets: Map<string, string>;
  logs: LogStore;
  /** Log streams that are open. */
  logStreams: Set<ServerResponse>;
  /** Aborted when the session is shut down. */
  signal: AbortSignal;
  /** Remembers work, so that closing waits for it. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Ends all work; resolves when nothing of it is left. */
  close(): Promise<void>;
};

export async function openSession(parent: string): Promise<StandInSession> {
  const folder = await mkdtemp(path.join(parent, "session-"));
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const logs = createLogStore(folder);
  return {
    objects: new Map(),
    secrets: new Map(),
    logs,
    logStreams: new Set(),
    signal: ending.signal,
    track(work) {
      running.add(work);
      const forget = () => running.delete(work);
      work.then(forget, forget);
      return work;
    },
    async close() {
      ending.abort();
      await Promise.allSettled(running);
      logs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
