/** What a hook is told of the attempt. */
export type HookContext = {
  executionId: string;
  runId: string;
  projectId: string;
  taskKey: string;
  taskName: string;
  attempt: number;
  metadata: unknown;
};

/** What a pre-execution hook may answer to keep the attempt from starting. */
type Veto = { veto: string };

export type PreExecutionHook = (
  context: HookContext,
  signal: AbortSignal,
) => // biome-ignore lint/suspicious/noConfusingVoidType: a hook that answers nothing is the usual one
Promise<Veto | void> | Veto | void;

/**
 * How the attempt ended, for post-execution hooks. `released`: its worker gave it back. `lost`: this worker no longer holds
 * it, and what became of it is recorded by another. `swept`: it was another worker's, which is gone, and this one has
 * recorded its end.
 */
export type HookOutcome = {
  outcome: "completed" | "failed" | "cancelled" | "released" | "lost" | "swept";
  message: string | null;
};

export type PostExecutionHook = (
  context: HookContext & HookOutcome,
  signal: AbortSignal,
) => Promise<void> | void;

/** How the pre-execution hooks ended. `failed`: one threw, or took longer than the limit. `stopped`: the attempt was. */
export type PreHookResult =
  | { kind: "passed" }
  | { kind: "vetoed"; reason: string }
  | { kind: "failed"; message: string }
  | { kind: "stopped" };

const DEFAULT_LIMIT_MS = 10_000;

/**
 * Code called before and after every attempt of this process's worker: in order, awaited, each with a time limit. A hook
 * that is given up is told by its signal; whatever it does later counts for nothing. Only a hook that never lets go of the
 * thread cannot be given up.
 */
export class Hooks {
  readonly #pre: PreExecutionHook[] = [];
  readonly #post: PostExecutionHook[] = [];
  readonly #limitMs: number;

  constructor(options: { limitMs?: number } = {}) {
    this.#limitMs = options.limitMs ?? DEFAULT_LIMIT_MS;
  }

  get hasPreExecution(): boolean {
    return this.#pre.length > 0;
  }

  get hasPostExecution(): boolean {
    return this.#post.length > 0;
  }

  /** The first hook that vetoes or fails is the last that is called. */
  addPreExecutionHook(hook: PreExecutionHook): void {
    this.#pre.push(hook);
  }

  /**
   * Called on every ending that this process sees, after it is recorded; it cannot change the status. An attempt can end in
   * two processes: `lost` in the one that was cut off, `swept` in the one that has recorded it. A process that is killed
   * calls nothing.
   */
  addPostExecutionHook(hook: PostExecutionHook): void {
    this.#post.push(hook);
  }

  /** Asks the hooks one after the other; gives the one that is asked up when the attempt is to stop. */
  async runPreExecution(context: HookContext, stop: AbortSignal): Promise<PreHookResult> {
    for (const hook of this.#pre) {
      try {
        const answer = await this.#limited((signal) => hook(context, signal), stop);
        if (answer) return { kind: "vetoed", reason: answer.veto };
      } catch (error) {
        if (stop.aborted) return { kind: "stopped" };
        return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
      }
    }
    return { kind: "passed" };
  }

  /** Calls every hook, also after one that failed; returns what the failing ones threw. */
  async runPostExecution(context: HookContext & HookOutcome): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const hook of this.#post) {
      try {
        await this.#limited((signal) => hook(context, signal));
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  async #limited<T>(call: (signal: AbortSignal) => T | Promise<T>, stop?: AbortSignal): Promise<T> {
    const controller = new AbortController();
    const giveUp = () => controller.abort(new Error("The attempt was stopped."));
    const timer = setTimeout(
      () => controller.abort(new Error(`The hook took longer than ${this.#limitMs} ms.`)),
      this.#limitMs,
    );
    stop?.addEventListener("abort", giveUp);
    if (stop?.aborted) giveUp();
    const { signal } = controller;
    const givenUp = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    try {
      signal.throwIfAborted();
      return await Promise.race([call(signal), givenUp]);
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener("abort", giveUp);
    }
  }
}
