import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** What a terminal sends when it closes, on Ctrl+C, and what `kill` sends. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof SIGNALS;

/** Ctrl+C comes twice: from the terminal, and from npm, which passes it on. */
const SAME_WITHIN_MS = 2000;

/** Tells a soak to end before its time: it does no more, stops everything, and reports what it saw. */
export class Ending {
  readonly #controller = new AbortController();
  #reason: Signal | null = null;
  #toldAt = 0;

  constructor() {
    // Whatever waits listens to it.
    setMaxListeners(0, this.#controller.signal);
  }

  /** Aborted when the soak is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal that has ended it; null while nothing has. */
  get reason(): Signal | null {
    return this.#reason;
  }

  /** As a shell gives it for a program that a signal has ended; null while nothing has. */
  get exitCode(): number | null {
    return this.#reason && SIGNALS[this.#reason];
  }

  /** Ends at the first signal; whoever asks again later has no patience, and is told to `onInsisted`. */
  listen(onInsisted: (exitCode: number) => void): void {
    for (const signal of Object.keys(SIGNALS) as Signal[]) // the keys of the record above
      process.on(signal, () => {
        const isFirst = this.#reason === null;
        if (!isFirst && performance.now() - this.#toldAt > SAME_WITHIN_MS)
          onInsisted(SIGNALS[signal]);
        if (isFirst) this.#end(signal);
      });
  }

  /** Waits, but no longer than until the soak is to end. */
  async sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal }).catch(() => {});
  }

  #end(reason: Signal): void {
    this.#reason = reason;
    this.#toldAt = performance.now();
    this.#controller.abort();
  }
}
