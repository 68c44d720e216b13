import { getConfig } from "./config";

// On globalThis, since Next.js bundles this file once for every route and once for instrumentation.ts.
const shared = globalThis as typeof globalThis & { daglineShutdown?: Set<() => void> }; // ours alone, by its name
shared.daglineShutdown ??= new Set();
const callbacks = shared.daglineShutdown;

/** Calls back when this process is asked to stop, so that open streams do not hold it; returns how to take it back. */
export function onShutdown(callback: () => void): () => void {
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

/** Tells everybody who asked that this process is about to stop; each is told once. */
export function announceShutdown(): void {
  for (const callback of [...callbacks]) {
    callbacks.delete(callback);
    callback();
  }
}

/**
 * Calls back when the launcher has ended, even by SIGKILL: it holds the other end of standard input. Does nothing in a
 * process that was not started by the launcher.
 */
export function onLauncherDeath(callback: () => void): void {
  if (getConfig().bootId === null) return;
  process.stdin.once("close", callback);
  process.stdin.on("error", () => {}); // "close" follows
  process.stdin.resume();
  // Only a pipe or a socket can be told not to keep the process alive.
  if ("unref" in process.stdin) process.stdin.unref();
}
