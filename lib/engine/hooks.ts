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

/** How the attempt ended, for post-execution hooks. */
export type HookOutcome = {
  outcome: "completed" | "failed" | "cancelled" | "released" | "lost";
  message: string | null;
};

export type PostExecutionHook = (
  context: HookContext & HookOutcome,
  signal: AbortSignal,
) => Promise<void> | void;

/** How the pre-execution hooks ended. `failed`: one threw, or took longer than the limit. */
export type PreHookResult =
  | { kind: "passed" }
  | { kind: "vetoed"; reason: string }
  | { kind: "failed"; message: string };

const DEFAULT_LIMIT_MS = 10_000;

/** Code called before and after every attempt of this process's worker: in order, awaited, each with a time limit. */
export class Hooks {
  readonly #pre: PreExecutionHook[] = [];
  readonly #post: PostExecutionHook[] = [];
  readonly #limitMs: number;

  constructor(options: { limitMs?: number } = {}) {
    this.#limitMs = options.limitMs ?? DEFAULT_LIMIT_MS;
  }

  /** The first hook that vetoes or fails is the last that is called. */
  addPreExecutionHook(hook: PreExecutionHook): void {
    this.#pre.push(hook);
  }

  /** Called on every ending, after it is recorded; it cannot change the status. */
  addPostExecutionHook(hook: PostExecutionHook): void {
    this.#post.push(hook);
  }

  async runPreExecution(context: HookContext): Promise<PreHookResult> {
    for (const hook of this.#pre) {
      try {
        const answer = await this.#limited((signal) => hook(context, signal));
        if (answer) return { kind: "vetoed", reason: answer.veto };
      } catch (error) {
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

  async #limited<T>(call: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        controller.abort();
        reject(new Error(`The hook took longer than ${this.#limitMs} ms.`));
      }, this.#limitMs);
    });
    try {
      return await Promise.race([call(controller.signal), limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}
