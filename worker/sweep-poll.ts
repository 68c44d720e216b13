import type { Config } from "@/lib/config";
import { type RescuedAttempt, rescueExecutions } from "@/lib/engine/rescue-executions";
import { namesOf, type RunContext } from "./attempt";
import { callPostHooks } from "./run-execution";

type Options = {
  workerId: string;
  context: Pick<RunContext, "database" | "hooks" | "log">;
  config: Pick<Config, "sweepIntervalSeconds" | "leaseDurationSeconds" | "cancelGraceSeconds">;
};

/** The poll of the loop that ends attempts whose worker is gone, or does not end them itself, and tells the hooks. */
export function createSweepPoll({ workerId, context, config }: Options): () => Promise<number> {
  const { database, log } = context;
  const { sweepIntervalSeconds, leaseDurationSeconds, cancelGraceSeconds } = config;
  const overdueSeconds = leaseDurationSeconds + cancelGraceSeconds;
  /** Hooks that are being told of what earlier sweeps have ended. */
  let telling = Promise.resolve();

  return async () => {
    const rescued = await database.run((db) =>
      rescueExecutions(db, { overdueSeconds, actorId: workerId }),
    );
    if (rescued.length > 0) log.warn({ rescued: rescued.length }, "attempts rescued");
    telling = telling.then(() => tellHooks(rescued));
    return sweepIntervalSeconds * 1000 * (0.9 + Math.random() * 0.2);
  };

  /** One call at a time, beside the sweep: hooks that hang must not keep it from the next attempts. */
  async function tellHooks(rescued: readonly RescuedAttempt[]): Promise<void> {
    for (const { message, ...attempt } of rescued) {
      log.warn(namesOf(attempt), "attempt swept");
      await callPostHooks(context, attempt, { outcome: "swept", message });
    }
  }
}
