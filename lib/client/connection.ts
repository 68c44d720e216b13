import { useSyncExternalStore } from "react";

/** Whether the server answers, and whether its database does. */
export type Connection = "ok" | "offline" | "database-away";

let connection: Connection = "ok";
let streaming = false;
const listeners = new Set<() => void>();
const healed = new Set<() => void>();

/** Every answer of the server, and every missing one, is reported here. */
export function reportConnection(next: Connection): void {
  if (next === connection) return;
  const wasLost = connection !== "ok";
  connection = next;
  for (const listener of listeners) listener();
  if (wasLost && next === "ok") for (const listener of healed) listener();
}

/** Calls back when what was lost is there again. */
export function onHealed(listener: () => void): () => void {
  healed.add(listener);
  return () => healed.delete(listener);
}

/** Whether hints arrive now, by this tab's own stream or another tab's. */
export function isStreaming(): boolean {
  return streaming;
}

export function setStreaming(next: boolean): void {
  streaming = next;
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, readConnection, () => "ok");
}

export function readConnection(): Connection {
  return connection;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
