import type { Logger } from "pino";

/** A loop that runs `poll` again and again: after the milliseconds it returns, or as soon as it is woken. */
export class Poller {
  readonly #name: string;
  readonly #poll: () => Promise<number>;
  readonly #log: Logger;
  readonly #onFailure: (name: string) => void;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  /** The moment, by this process's clock, at which it wakes by itself. */
  #latestWake = Number.POSITIVE_INFINITY;
  #isWoken = false;
  #isStopped = false;
  #failures = 0;

  constructor(options: {
    name: string;
    poll: () => Promise<number>;
    log: Logger;
    /** Told the loop's name at each failure. */
    onFailure?: (name: string) => void;
  }) {
    this.#name = options.name;
    this.#poll = options.poll;
    this.#log = options.log;
    this.#onFailure = options.onFailure ?? (() => {});
  }

  start(): void {
    this.wake();
  }

  /** Polls now, or once more right after the poll that is going on. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isWoken = true;
    if (this.#running) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      // Somebody may have called between the last look at the flag and this moment.
      if (this.#isWoken) this.wake();
      else if (!this.#isStopped) this.#sleep();
    });
  }

  /** Polls within so many milliseconds, if it would otherwise sleep longer. */
  wakeWithin(ms: number): void {
    if (ms <= 0) {
      this.wake();
      return;
    }
    this.#latestWake = Math.min(this.#latestWake, performance.now() + ms);
    if (!this.#running && !this.#isStopped) this.#sleep();
  }

  /** Resolves when the poll that is going on has ended; none follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      this.#latestWake = Number.POSITIVE_INFINITY;
      const delay = await this.#pollOnce();
      this.#latestWake = Math.min(this.#latestWake, performance.now() + delay);
    }
  }

  #sleep(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), this.#latestWake - performance.now());
  }

  /** A failing poll is logged and tried again, ever later up to five seconds, with jitter. */
  async #pollOnce(): Promise<number> {
    try {
      const delay = await this.#poll();
      if (this.#failures > 0) this.#log.info({ loop: this.#name }, "loop recovered");
      this.#failures = 0;
      return delay;
    } catch (error) {
      this.#failures++;
      this.#onFailure(this.#name);
      if (this.#failures === 1 || this.#failures % 20 === 0)
        this.#log.warn({ loop: this.#name, error, failures: this.#failures }, "poll failed");
      // What woke it meanwhile would only fail again at once.
      this.#isWoken = false;
      return Math.min(5000, 100 * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    }
  }
}
