/** Why an attempt is being stopped before its own end; a later reason replaces a milder one. */
export type StopReason = "drain" | "timeout" | "cancel" | "fence";

const SEVERITY = { drain: 0, timeout: 1, cancel: 2, fence: 3 } as const satisfies Record<
  StopReason,
  number
>;

/** The longest delay a timer takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What stops one attempt: cancel, timeout, a lost lease, a draining worker. */
export class AttemptControl {
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  #reason: StopReason | null = null;
  #timer: NodeJS.Timeout | null = null;

  get reason(): StopReason | null {
    return this.#reason;
  }
  /** Ask the work to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }
  /** End it at once. */
  get killSignal(): AbortSignal {
    return this.#kill.signal;
  }

  stop(reason: StopReason, { force }: { force: boolean }): void {
    if (this.#reason === null || SEVERITY[reason] > SEVERITY[this.#reason]) this.#reason = reason;
    this.#stop.abort(reason);
    if (force) this.#kill.abort(reason);
  }

  /** Stops the attempt with `timeout` after so many milliseconds, weeks included. */
  startTimeout(ms: number): void {
    const end = performance.now() + ms;
    const wait = () => {
      const left = end - performance.now();
      if (left <= 0) this.stop("timeout", { force: false });
      else this.#timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS));
    };
    wait();
  }

  /** To be called when the attempt has ended. */
  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
