/** What must not happen at the same time. */
type Lane = "server" | "links";

/** Lets things of one lane come one after the other. */
export class Lanes {
  readonly #last = new Map<Lane, Promise<unknown>>();

  /** Does `work` when whatever came before it in its lane has ended. */
  run<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(lane) ?? Promise.resolve();
    const next = before.then(work);
    this.#last.set(
      lane,
      next.catch(() => {}), // whoever called is told
    );
    return next;
  }
}
