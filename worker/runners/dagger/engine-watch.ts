import { setTimeout as delay } from "node:timers/promises";
import { openDeadline } from "./deadline";

const LOST_AFTER = 2;

export type EngineWatchOptions = {
  /** Asks the engine something small; rejects when it does not answer. */
  ping: (signal: AbortSignal) => Promise<unknown>;
  intervalMs: number;
  timeoutMs: number;
};

/**
 * Aborts the signal it returns when the engine has twice in a row not answered. A long call to an engine that hangs, or that
 * the network has swallowed, would otherwise never end. Stops when `done` aborts.
 */
export function watchEngine(options: EngineWatchOptions, done: AbortSignal): AbortSignal {
  const lost = new AbortController();
  void watch(options, done, lost);
  return lost.signal;
}

async function watch(
  options: EngineWatchOptions,
  done: AbortSignal,
  lost: AbortController,
): Promise<void> {
  let misses = 0;
  while (misses < LOST_AFTER) {
    await delay(options.intervalMs, null, { signal: done }).catch(() => undefined);
    if (done.aborted) return;
    const deadline = openDeadline(options.timeoutMs, done);
    const answered = await options.ping(deadline.signal).then(
      () => true,
      () => false,
    );
    deadline.clear();
    misses = answered ? 0 : misses + 1;
  }
  lost.abort();
}
