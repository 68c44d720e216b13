import { getConfig } from "./config";

const EXIT_LIMIT_MS = 10_000;

// On globalThis, since Next.js bundles this file once for every route and once for instrumentation.ts.
const shared = globalThis as typeof globalThis & { daglineShutdown?: Set<() => void> }; // ours alone, by its name
shared.daglineShutdown ??= new Set();
const callbacks = shared.daglineShutdown;

/** Calls back when this process is asked to stop, so that open streams do not hold it; returns how to take it back. */
export function onShutdown(callback: () => void): () => void {
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

/** Has the web server end by itself when it is told to, or when the launcher has died. */
export function watchForShutdown(): void {
  // Next.js waits for all responses to end; an open event stream never would.
  process.on("SIGTERM", announceShutdown);
  process.on("SIGINT", announceShutdown);
  onLauncherDeath(() => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref();
  });
}

/** Calls back everybody who asked for it, each once. */
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
